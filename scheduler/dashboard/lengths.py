"""Lengths of time, short enough for a picture."""

from datetime import timedelta

from django.utils.translation import gettext as _


def say_length(length: timedelta | float) -> str:
    """Return a length with one unit: 3 ms, 12 s, 5 min, 30 h, 9 d."""
    seconds = max(length.total_seconds() if isinstance(length, timedelta) else length, 0.0)
    if seconds < 1:
        return _("%d ms") % round(seconds * 1000)
    if seconds < 60:
        return (_("%.1f s") if seconds < 10 and seconds % 1 >= 0.05 else _("%.0f s")) % seconds
    if seconds < 3600:
        return _("%d min") % (seconds // 60)
    if seconds < 48 * 3600:
        return _("%d h") % (seconds // 3600)
    return _("%d d") % (seconds // 86400)
