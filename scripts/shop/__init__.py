"""A shop that Carnation works for, as the pictures show it."""
