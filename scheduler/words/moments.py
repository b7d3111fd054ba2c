"""Shows instants on pages: in the viewer's zone, and beside that in the zone that they belong to."""

from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

_CLOCK = "%H:%M:%S"
_DAY = "%Y-%m-%d"


def write_moment(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return an instant as the clock of a zone, or of its own, shows it: 2031-05-06 15:08:00 CST."""
    shown = moment.astimezone(zone) if zone else moment
    return f"{shown:{_DAY} {_CLOCK} %Z}"


def write_wall(wall: datetime) -> str:
    """Return what a clock on the wall shows, wherever it hangs, with the weekday in the reader's language."""
    return date_format(wall, "D Y-m-d H:i:s")


def tell_moment(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """Return an instant as `show_moment` shows it, as a text: for tooltips, for names, and within sentences."""
    if moment is None:
        return ""
    here = write_moment(moment, timezone.get_current_timezone())
    there = _write_there(moment, zone)
    return f"{here} ({there})" if there else here


def show_moment(moment: datetime | None, zone: tzinfo | None = None, *, weekday: bool = False) -> SafeString:
    """Return an instant as HTML; nothing for None.

    The viewer's clock comes first. Where the clock of `zone`, such as a job's, shows another time, that follows.
    """
    if moment is None:
        return SafeString()
    here = moment.astimezone(timezone.get_current_timezone())
    instant = moment.astimezone(timezone.get_default_timezone()).isoformat()
    day = f"{date_format(here, 'D')} " if weekday else ""
    shown = format_html('<time class="moment" datetime="{}">{}{}</time>', instant, day, write_moment(here))
    there = _write_there(moment, zone)
    if not there:
        return shown
    # In one element, so that a cell of a list lays out both as one.
    return format_html('<span>{} <span class="moment-there">{}</span></span>', shown, there)


def _write_there(moment: datetime, zone: tzinfo | None) -> str:
    """Return what the clock of a zone shows; nothing where the viewer's shows the same. Its date where that differs."""
    here = moment.astimezone(timezone.get_current_timezone())
    there = moment.astimezone(zone) if zone else here
    if there.utcoffset() == here.utcoffset():
        return ""
    clock = f"{there:{_CLOCK}}" if there.date() == here.date() else f"{there:{_DAY} {_CLOCK}}"
    return f"{clock} {zone}"
