"""Measures Carnation beside its peers, on the machine at hand: ratios are the claim, never absolute figures."""
