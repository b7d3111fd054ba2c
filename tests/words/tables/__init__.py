"""Specs, each beside what is said of it."""
