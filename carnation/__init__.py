"""The Carnation project: wiring, no behaviour."""

__version__ = "0.1.0"
