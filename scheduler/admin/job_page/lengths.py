"""Lengths of time as people read them."""

from datetime import timedelta

from django.utils.translation import gettext as _


def shown_length(length: timedelta | None) -> str:
    """Return a length in the unit that suits it: 12 ms, 1.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    if 0 < seconds < 0.001:
        return _("under 1 ms")
    if seconds < 1:
        return _("%d ms") % round(seconds * 1000)
    if seconds < 60:
        return _("%.1f s") % seconds
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}
