"""`/healthz`, for monitors and load balancers: open to all, and says no more than they need."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scheduler import queries


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while a node makes turns, 503 while none does; `warnings` are no reason to restart anything."""
    health = queries.health()
    status = "ok" if health.is_healthy else "no node makes turns"
    warnings = [calendar.sentence for calendar in queries.ending_calendars(today=timezone.localdate())]
    body = {"status": status, "nodes": health.nodes, "warnings": warnings}
    return JsonResponse(body, status=200 if health.is_healthy else 503)
