"""A target for the sample job's POST, so that job2 works on a machine that reaches nothing else."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


@csrf_exempt
@require_POST
def receive_post(request: HttpRequest) -> HttpResponse:
    """Answer 204 to any POST, and do nothing with it."""
    return HttpResponse(status=204)
