"""Reads of the whole installation at a glance, each in a bounded time whatever has piled up."""
