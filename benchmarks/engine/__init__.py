"""Carnation as a contestant: its real nodes, and the rows that they work on."""
