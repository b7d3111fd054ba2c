"""Time travel: the real claims, queue and records on a clock that jumps from one instant to the next, bodies stubbed.

`travel` is in `journey`; what bodies do in `acts`, which needs no Django.
"""
