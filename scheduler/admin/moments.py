"""How lists write instants and lengths of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduler.words.moments import write_moment


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An instant as the clock of one zone shows it, and as that of whoever looks does, where it shows another time."""

    iso: str
    here: str
    yours: str


def show(moment: datetime | None, zone: tzinfo) -> Shown | None:
    """Return an instant as a list shows it."""
    if moment is None:
        return None
    here, yours = moment.astimezone(zone), moment.astimezone(timezone.get_current_timezone())
    return Shown(
        iso=here.isoformat(),
        here=write_moment(here),
        yours="" if here.utcoffset() == yours.utcoffset() else write_moment(yours),
    )


def show_length(length: timedelta | None) -> str:
    """Return a length of time, in seconds below a minute, else as a clock counts."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    if seconds < 60:
        return _("%s s") % (f"{seconds:.3f}" if seconds < 10 else f"{seconds:.1f}")
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = f"{hour}:{minute:02}:{second:02}"
    return _("%(days)d d %(clock)s") % {"days": days, "clock": clock} if days else clock
