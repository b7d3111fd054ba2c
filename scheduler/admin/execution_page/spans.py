"""How long something took, as exactly as somebody wants to know: "0.35 s", "12.3 s", "2 minutes 5 seconds"."""

from datetime import timedelta

from django.utils.translation import gettext as _

from scheduler.words.lengths import say_length, split_seconds


def say_span(span: timedelta) -> str:
    """Name the two greatest units; below a minute seconds with a fraction. Negative spans are none."""
    seconds = max(span.total_seconds(), 0.0)
    if seconds == 0:
        return _("%s s") % 0
    if seconds < 0.001:
        return _("less than 1 ms")
    if seconds < 59.95:
        digits = 3 if seconds < 0.1 else 2 if seconds < 1 else 1
        return _("%s s") % f"{seconds:.{digits}f}"
    return say_length(split_seconds(round(seconds))[:2])
