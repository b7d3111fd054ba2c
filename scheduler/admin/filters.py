"""Filters that are shown as fields of one form above a list: what they chose stands in its address."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.models import Node
from scheduler.words.moments import tell_moment


class Filter(admin.SimpleListFilter):
    """One choice among several. A value that is none of them finds nothing, and is told of by the filter's name."""

    # Whether values may come up that are no choice any more, as in an address that somebody kept.
    is_open = False
    kind = "select"
    is_refused = False

    def has_output(self) -> bool:
        """Take part even without choices: the address may have a value."""
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return what was chosen."""
        value = self.value()
        if not value:
            return queryset
        # PostgreSQL would refuse to look for a null character.
        is_choice = value.isprintable() if self.is_open else value in {code for code, _label in self.lookup_choices}
        if not is_choice:
            self.refuse(request, _("there is no such choice as “%s”.") % value)
            return queryset.none()
        return self.chosen(request, queryset, value)

    def refuse(self, request: HttpRequest, sentence: str) -> None:
        """Say what is wrong with the value, once."""
        if not self.is_refused:
            messages.error(request, f"{self.title}: {sentence}")
        self.is_refused = True

    def chosen(self, request: HttpRequest, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return what has this value."""
        raise NotImplementedError

    @property
    def options(self) -> list[tuple[str, Any, bool]]:
        """The choices, and whether each is chosen; a value that is none of them is one now."""
        value = self.value() or ""
        choices = [*self.lookup_choices]
        if value and value not in {code for code, _label in choices}:
            choices.append((value, value))
        return [(code, label, code == value) for code, label in choices]

    @property
    def chosen_label(self) -> Any:
        """What is chosen, in words; "" where nothing is."""
        return next((label for _code, label, is_chosen in self.options if is_chosen), "")


def in_order(choices: Iterable[str]) -> list[tuple[str, Any]]:
    """Return texts as choices that name themselves."""
    return [(each, each) for each in choices]


def nodes_alive() -> list[tuple[str, Any]]:
    """Return the nodes that run, as choices; one by its id, since a restart is another of the same name."""
    return [(str(pk), name) for pk, name in Node.objects.alive().order_by("name").values_list("pk", "name")]


def latest_nodes(limit: int = 20) -> list[tuple[str, Any]]:
    """Return the nodes that started last, as choices."""
    rows = Node.objects.order_by("-pk").values_list("pk", "name", "started_at")[:limit]
    return [(str(pk), f"{name} · {tell_moment(started_at)}") for pk, name, started_at in rows]


def executors() -> list[tuple[str, Any]]:
    """Return the executors of the settings, as choices."""
    return in_order(sorted(conf.executors()))
