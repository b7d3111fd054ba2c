"""How lists write instants."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone

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
