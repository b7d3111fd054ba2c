"""One's own password, which the admin's page changes; here it also leaves an entry."""

from typing import cast

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from scheduler.services.accounts import note_new_password


def change_own_password(request: HttpRequest) -> HttpResponse:
    """Note that somebody gave themselves another password; not which."""
    with transaction.atomic():
        answer: HttpResponse = admin.site.password_change(request)
        if request.method == "POST" and answer.status_code == 302:
            # Only who has logged in gets here.
            note_new_password(cast(Model, request.user))
    return answer
