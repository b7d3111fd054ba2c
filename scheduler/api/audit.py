"""The endpoint of the audit log: who did what, when, by which way and from where."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler import clock, conf
from scheduler.actors import SOURCES
from scheduler.api.contract import ContractViewSet
from scheduler.api.http import next_page, read_moment, read_page
from scheduler.exceptions import InvalidInput
from scheduler.listings.audit import COLUMNS, page_of_entries
from scheduler.models import Action, AuditEntry, Kind
from scheduler.services.fields import FieldErrors
from scheduler.triggers import Context
from scheduler.triggers.fields import read_instant

# Of the filters, those that have a few values only.
_CHOICES: Mapping[str, Collection[str]] = {
    "action": Action.values,
    "kind": Kind.values,
    "source": [source for source in SOURCES if source],
}


class AuditViewSet(ContractViewSet):
    """The log; it can be read, and not be changed."""

    title = gettext_lazy("Audit log")
    about = gettext_lazy("Who did what, when, by which way and from where. It can be read, and not be changed.")
    permissions: ClassVar = {"list": "scheduler.view_auditentry"}

    def list(self, request: Request) -> Response:
        """Answer a page of entries, newest first."""
        before, limit = read_page(request)
        wanted = _read_filters(request)
        found = page_of_entries(wanted, since=_read_since(request), before=before, limit=limit + 1)
        shown, has_more = found[:limit], len(found) > limit
        kept = {name: request.query_params[name] for name in (*COLUMNS, "since") if request.query_params.get(name)}
        following = next_page("audit", before=shown[-1].pk, limit=limit, **kept) if has_more else None
        return Response({"results": [_represent(each) for each in shown], "next": following})


def _read_filters(request: Request) -> dict[str, str]:
    """Read what is wanted. Raises InvalidInput for a value that no entry can have."""
    wanted = {name: request.query_params[name] for name in COLUMNS if request.query_params.get(name)}
    wrong = {name: _CHOICES[name] for name in _CHOICES if name in wanted and wanted[name] not in _CHOICES[name]}
    if wrong:
        raise InvalidInput({name: _("Choose one of: %s.") % ", ".join(choices) for name, choices in wrong.items()})
    return wanted


def _read_since(request: Request) -> datetime | None:
    context, errors = Context(zone=conf.timezone(), now=clock.now()), FieldErrors()
    sent = {"since": read_moment(request, "since")}
    since = errors.read_or(None, "since", lambda text: read_instant(text, context), sent)
    errors.raise_if_any()
    return since


def _represent(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry. The id is a text: JavaScript cannot hold 63-bit numbers."""
    return {
        "id": str(entry.pk),
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "source": entry.source,
        "address": entry.address,
        "action": entry.action,
        "kind": entry.kind,
        "name": entry.name,
        "job_id": entry.job_id or None,
        "revision": entry.revision,
        "details": entry.details,
    }
