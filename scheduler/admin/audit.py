"""The audit log, read only: who did what, when, by which way and from where. Never counts its rows."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import TextFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from scheduler import clock
from scheduler.actors import SOURCES
from scheduler.admin.entry_labels import label_of
from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.links import execution_url, job_url
from scheduler.models import Action, AuditEntry, Job, Kind, first_id_of
from scheduler.words import said
from scheduler.words.moments import show_moment
from scheduler.words.phrases import say_aside, say_items, say_pair

SHORT = 100
SOURCE_NAMES: Mapping[str, str | Promise] = {
    "rest": "REST",
    "admin": _("admin"),
    "command": _("command"),
    "settings": _("settings"),
    "engine": _("node"),
    "": _("unknown"),
}
LABELS = {
    **dict.fromkeys(Action, "default"),
    Action.CREATED: "success",
    Action.DELETED: "danger",
    Action.QUARANTINED: "danger",
    Action.CANCELLED: "warning",
    Action.PAUSED: "warning",
    Action.SCHEDULER_PAUSED: "warning",
    Action.SCHEDULER_STOPPED: "warning",
}


class SourceFilter(admin.SimpleListFilter):
    """By which way."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the ways; an empty one cannot be chosen by an address."""
        return [(source or "-", SOURCE_NAMES[source]) for source in SOURCES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by the chosen one."""
        value = self.value()
        return queryset.filter(source="" if value == "-" else value) if value else queryset


class SinceFilter(admin.SimpleListFilter):
    """Since when: ids grow with time, and the primary key finds them."""

    title = _("since")
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the spans."""
        return [("1", _("the last 24 hours")), ("7", _("the last 7 days")), ("30", _("the last 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by the chosen one."""
        value = self.value()
        if value not in ("1", "7", "30"):
            return queryset
        return queryset.filter(pk__gte=first_id_of(clock.now() - timedelta(days=int(value))))


class _ExactFilter(TextFilter):
    """A text that a column holds exactly, so that an index finds it among a million."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by what was typed; nothing that is stored holds a null character."""
        value = (self.value() or "").strip()
        if "\0" in value:
            return queryset.none()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class ActorFilter(_ExactFilter):
    """Who."""

    title = _("actor")
    parameter_name = "actor"


class JobFilter(_ExactFilter):
    """Which job."""

    title = _("job")
    parameter_name = "job_id"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """What was done."""

    list_display = ("shown_at", "shown_action", "shown_thing", "by_whom", "in_short")
    list_display_links = ("shown_at",)
    list_filter = (SinceFilter, "action", "kind", SourceFilter, ActorFilter, JobFilter)
    list_filter_submit = True
    list_per_page = 50
    ordering = ("-id",)
    sortable_by = ()
    actions = ()
    paginator = InfinitePaginator
    show_full_result_count = False
    fields = ("at", "action", "shown_thing", "shown_actor", "shown_source", "address", "revision", "in_full")

    class Media:
        css: ClassVar = {"all": ["scheduler/revisions.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Say of each whether its job is still there, in the same statement."""
        queryset: QuerySet[AuditEntry] = super().get_queryset(request)
        return queryset.annotate(job_exists=Exists(Job.objects.filter(pk=OuterRef("job_id"))))

    @display(description=_("at"))
    def shown_at(self, entry: AuditEntry) -> str:
        """When, on one line."""
        return show_moment(entry.at)

    @display(description=_("action"), label=LABELS)
    def shown_action(self, entry: AuditEntry) -> tuple[str, str]:
        """What was done."""
        return entry.action, str(entry.get_action_display())

    @display(description=_("to what"))
    def shown_thing(self, entry: Any) -> str:
        """What it was done to, with a link to a job that is still there."""
        if entry.kind == Kind.SCHEDULER:
            return str(entry.get_kind_display())
        name = entry.job_id or entry.name
        if entry.job_exists:
            url = job_url(entry.job_id, "change")
            name = format_html(
                '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>', url, name
            )
        return format_html("{} {}", entry.get_kind_display(), name)

    @display(description=_("by whom"))
    def by_whom(self, entry: AuditEntry) -> str:
        """Who did it, by which way, and from where."""
        ways = [str(way) for way in (SOURCE_NAMES.get(entry.source, entry.source), entry.address) if way]
        return say_aside(self.shown_actor(entry), say_items(ways)) if entry.source else self.shown_actor(entry)

    @display(description=_("actor"))
    def shown_actor(self, entry: AuditEntry) -> str:
        """Who did it."""
        return entry.actor or gettext("unknown")

    @display(description=_("source"))
    def shown_source(self, entry: AuditEntry) -> str:
        """By which way."""
        return str(SOURCE_NAMES.get(entry.source, entry.source))

    @display(description=_("details"))
    def in_short(self, entry: AuditEntry) -> str:
        """The beginning of the details."""
        text = " · ".join(say_pair(each["label"], each["text"]) for each in _details(entry))
        return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"

    @display(description=_("details"))
    def in_full(self, entry: AuditEntry) -> str:
        """By field, what was there before and after; or which run it was."""
        return render_to_string("scheduler/audit_details.html", {"details": list(_details(entry))})


def _details(entry: AuditEntry) -> Iterator[dict[str, Any]]:
    for name, value in entry.details.items():
        change = entry.change_of(name)
        texts = [_say(each) for each in change or [value]]
        url = None
        if name == "execution" and str(value).isdecimal():
            url = execution_url(value)
        yield {"label": label_of(name), "said": texts, "text": " → ".join(texts), "is_change": bool(change), "url": url}


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return gettext("empty") if value in (None, "") else said(str(value))
