"""The endpoints of maintenance windows. An answer to a write says which occurrences are affected."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler import clock
from scheduler.api.contract import ContractViewSet
from scheduler.api.http import read_json
from scheduler.api.representation import represent_effect, represent_window
from scheduler.exceptions import WindowNotFound
from scheduler.models import MaintenanceWindow
from scheduler.services import windows
from scheduler.services.affected import affected_by, next_span_of


class WindowViewSet(ContractViewSet):
    """Maintenance windows."""

    title = gettext_lazy("Maintenance windows")
    permissions: ClassVar = {
        "list": "scheduler.view_maintenancewindow",
        "retrieve": "scheduler.view_maintenancewindow",
        "preview": "scheduler.view_maintenancewindow",
        "create": "scheduler.add_maintenancewindow",
        "partial_update": "scheduler.change_maintenancewindow",
        "destroy": "scheduler.delete_maintenancewindow",
    }

    def list(self, request: Request) -> Response:
        """Answer all windows."""
        return Response([_represent(window) for window in MaintenanceWindow.objects.all()])

    def create(self, request: Request) -> Response:
        """Add a window."""
        return _answer(windows.create_window(read_json(request)))

    def retrieve(self, request: Request, window_name: str) -> Response:
        """Answer one window."""
        return Response(_represent(_find(window_name)))

    def partial_update(self, request: Request, window_name: str) -> Response:
        """Change what was sent, and keep the rest."""
        return _answer(windows.change_window(window_name, read_json(request)))

    def destroy(self, request: Request, window_name: str) -> HttpResponse:
        """Delete a window."""
        windows.delete_window(window_name)
        return HttpResponse(status=204)

    def preview(self, request: Request) -> Response:
        """Say what a window would do, and write nothing."""
        now = clock.now()
        return Response(represent_effect(affected_by(windows.read_window(read_json(request), now=now), now=now)))


def _find(name: str) -> MaintenanceWindow:
    window = MaintenanceWindow.objects.called(name).first()
    if window is None:
        raise WindowNotFound(name=name)
    return window


def _represent(window: MaintenanceWindow) -> dict[str, Any]:
    return represent_window(window, next_span=next_span_of(window, now=clock.now()))


def _answer(window: MaintenanceWindow) -> Response:
    """Answer a window that was written, and what it does."""
    effect = affected_by(window, now=clock.now())
    return Response({**_represent(window), "affected": represent_effect(effect)})
