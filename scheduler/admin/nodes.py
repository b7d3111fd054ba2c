"""Nodes, read-only."""

from typing import ClassVar

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.models import DEAD_AFTER, Node


@admin.register(Node)
class NodeAdmin(ReadOnlyAdmin):
    """Which processes run jobs, and which did."""

    list_display = ("name", "shown_state", "host", "pid", "threads", "load", "heartbeat_at", "started_at", "version")
    search_fields = ("name", "host")
    fields = (
        "name", "shown_state", "host", "pid", "version", "threads", "load",
        "started_at", "heartbeat_at", "stopped_at", "stop_reason",
    )  # fmt: skip
    LABELS: ClassVar = {"alive": "success", "silent": "danger", "stopped": "info"}

    @display(description=_("state"), label=LABELS)
    def shown_state(self, node: Node) -> tuple[str, str]:
        """Say whether the node is alive, as far as its heartbeat tells."""
        if node.stopped_at:
            return "stopped", str(_("stopped"))
        if node.heartbeat_at > timezone.now() - DEAD_AFTER:
            return "alive", str(_("alive"))
        return "silent", str(_("silent"))
