"""Errors as {"error_message": ...}, with the status that says what kind they are."""

import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from scheduler import conf
from scheduler.exceptions import (
    CalendarAlreadyExists,
    CalendarInUse,
    CalendarNotFound,
    CarnationError,
    ExecutionEnded,
    ExecutionNotFound,
    InvalidInput,
    JobAlreadyExists,
    JobNotFound,
    RevisionNotFound,
    SchedulerAlreadyRunning,
    SchedulerNotRunning,
    WindowAlreadyExists,
    WindowNotFound,
)

logger = logging.getLogger(__name__)

STATUS_CODES: dict[type[CarnationError], int] = {
    InvalidInput: status.HTTP_400_BAD_REQUEST,
    SchedulerAlreadyRunning: status.HTTP_400_BAD_REQUEST,
    SchedulerNotRunning: status.HTTP_400_BAD_REQUEST,
    JobNotFound: status.HTTP_404_NOT_FOUND,
    RevisionNotFound: status.HTTP_404_NOT_FOUND,
    ExecutionNotFound: status.HTTP_404_NOT_FOUND,
    ExecutionEnded: status.HTTP_409_CONFLICT,
    WindowNotFound: status.HTTP_404_NOT_FOUND,
    WindowAlreadyExists: status.HTTP_409_CONFLICT,
    JobAlreadyExists: status.HTTP_409_CONFLICT,
    CalendarNotFound: status.HTTP_404_NOT_FOUND,
    CalendarAlreadyExists: status.HTTP_409_CONFLICT,
    CalendarInUse: status.HTTP_409_CONFLICT,
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error that a client can cause; None for our own mistakes, which become a 500."""
    if isinstance(error, CarnationError) and type(error) in STATUS_CODES:
        data: dict[str, Any] = {"error_message": str(error)}
        if isinstance(error, InvalidInput):
            data["errors"] = error.errors
        return Response(data, status=STATUS_CODES[type(error)])
    if isinstance(error, RequestDataTooBig):
        return Response({"error_message": _("The body is too large.")}, status=status.HTTP_400_BAD_REQUEST)
    answer = exception_handler(error, context)
    if answer is not None:
        message = str(error.detail) if isinstance(error, APIException) else str(error)
        answer.data = {"error_message": message}
    return answer


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown path: JSON under the API's prefix, a page elsewhere."""
    if _is_api(request):
        return _json_error(_("Not found."), status.HTTP_404_NOT_FOUND)
    return defaults.page_not_found(request, exception if isinstance(exception, Http404) else Http404())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refuses."""
    if _is_api(request):
        return _json_error(_("Bad request."), status.HTTP_400_BAD_REQUEST)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer where we failed; the log has the traceback, the client has none."""
    if _is_api(request):
        return _json_error(_("Internal server error."), status.HTTP_500_INTERNAL_SERVER_ERROR)
    return defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    prefix = conf.api_prefix()
    return conf.api_enabled() and (request.path == prefix or request.path.startswith(f"{prefix}/"))


def _json_error(message: str, code: int) -> HttpResponse:
    return HttpResponse(json.dumps({"error_message": message}), status=code, content_type="application/json")
