"""The Carnation project: wiring, no behaviour."""
