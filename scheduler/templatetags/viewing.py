"""How whoever looks at a page reads it: instants in their zone, reasons in their language.

{% load viewing %}
{% moment execution.started_at job %}
{{ execution.reason|said }}
"""

from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.utils.safestring import SafeString

from scheduler.models import zone_named, zone_of
from scheduler.words import said as say
from scheduler.words.moments import show_moment

register = template.Library()


@register.simple_tag
def moment(instant: datetime | None, of: Any = None, *, weekday: bool = False) -> SafeString:
    """Show an instant in the viewer's zone and, beside it, in that of a job, of a window, or of a zone or its name."""
    return show_moment(instant, _read_zone(of), weekday=weekday)


@register.filter
def said(text: str) -> str:
    """Say a reason or a problem that a row keeps in the viewer's language."""
    return say(text)


def _read_zone(of: Any) -> tzinfo | None:
    if not of or isinstance(of, tzinfo):
        return of or None
    return zone_named(of) if isinstance(of, str) else zone_of(of)
