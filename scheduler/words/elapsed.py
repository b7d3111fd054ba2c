"""How long something takes, took or is ago, in as few words as the place has room for."""

from datetime import timedelta

from django.utils.translation import gettext as _

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def say_elapsed(length: timedelta | None) -> str:
    """Name the two greatest units: 12 ms, 1.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h; nothing for None.

    What is less than nothing, by a clock that was set back, is 0 ms.
    """
    if length is None:
        return ""
    seconds = max(length.total_seconds(), 0.0)
    if 0 < seconds < 0.001:
        return _("under 1 ms")
    if seconds < 0.9995:
        return _("%d ms") % round(seconds * 1000)
    if seconds < 59.95:
        return _("%.1f s") % seconds
    minutes, second = divmod(round(seconds), _MINUTE)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return _joined(_("%d d") % days, hour and _("%d h") % hour)
    if hours:
        return _joined(_("%d h") % hours, minute and _("%d min") % minute)
    return _joined(_("%d min") % minutes, second and _("%.0f s") % second)


def say_briefly(length: timedelta | float) -> str:
    """Name one unit, as for a picture: 3 ms, 12 s, 5 min, 30 h, 9 d. A number is one of seconds."""
    seconds = max(length.total_seconds() if isinstance(length, timedelta) else length, 0.0)
    if seconds < 0.9995:
        return _("%d ms") % round(seconds * 1000)
    if seconds < 59.5:
        is_whole = seconds >= 9.95 or round(seconds, 1) == round(seconds)
        return (_("%.0f s") if is_whole else _("%.1f s")) % seconds
    if seconds < _HOUR:
        return _("%d min") % max(seconds // _MINUTE, 1)
    if seconds < 2 * _DAY:
        return _("%d h") % (seconds // _HOUR)
    return _("%d d") % (seconds // _DAY)


def _joined(greater: str, lesser: str | int) -> str:
    """Return both, or the greater alone where there is none of the lesser."""
    return f"{greater} {lesser}" if lesser else greater
