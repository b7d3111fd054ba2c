"""Puts back what was hidden among arguments that somebody was shown, and has edited."""

from typing import Any

from scheduler.masking import without_secrets


def with_secrets(typed: Any, original: Any) -> Any:
    """Return what was typed, in which all that reads as the hidden form of the original means the original."""
    if typed == without_secrets(original):
        return original
    if isinstance(typed, dict) and isinstance(original, dict):
        hidden = without_secrets(original)
        return {
            name: original[name]
            if name in original and value == hidden[name]
            else with_secrets(value, original.get(name))
            for name, value in typed.items()
        }
    if isinstance(typed, list) and isinstance(original, list):
        padded = [*original, *[None] * len(typed)]
        return [with_secrets(value, before) for value, before in zip(typed, padded, strict=False)]
    return typed
