"""Nodes, read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.models import Node
from scheduler.words import said


@admin.register(Node)
class NodeAdmin(ReadOnlyAdmin):
    """Which processes run jobs, and which did."""

    list_display = (
        "name", "shown_state", "host", "pid", "threads", "load", "stuck", "heartbeat_at", "started_at",
        "version",
    )  # fmt: skip
    search_fields = ("name", "host")
    fields = (
        "name", "state_in_words", "host", "pid", "version", "code_version", "threads", "load", "stuck",
        "started_at", "heartbeat_at", "last_turn_at", "stopped_at", "said_reason",
    )  # fmt: skip
    LABELS: ClassVar = {"alive": "success", "silent": "danger", "stopped": "info"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Node]:
        """Let the database, by whose clock the heartbeats are, say who is alive."""
        queryset: QuerySet[Node] = super().get_queryset(request)
        return queryset.annotate(is_alive=Exists(Node.objects.alive().filter(pk=OuterRef("pk"))))

    @display(description=_("stop reason"))
    def said_reason(self, node: Node) -> str:
        """Why it ended, in the reader's language."""
        return said(node.stop_reason)

    @display(description=_("state"))
    def state_in_words(self, node: Any) -> str:
        """The state without its colour, which only lists can show."""
        _code, state = self.shown_state(node)
        return str(state)

    @display(description=_("state"), label=LABELS)
    def shown_state(self, node: Any) -> tuple[str, str]:
        """Say whether the node is alive, as far as its heartbeat tells."""
        if node.stopped_at:
            return "stopped", str(_("stopped"))
        if node.is_alive:
            return "alive", str(_("alive"))
        return "silent", str(_("silent"))
