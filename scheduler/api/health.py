"""`/healthz`, for monitors and load balancers: open to all, and says no more than they need."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scheduler import queries


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while a node makes turns, 503 while none does."""
    health = queries.health()
    status = "ok" if health.is_healthy else "no node makes turns"
    return JsonResponse({"status": status, "nodes": health.nodes}, status=200 if health.is_healthy else 503)
