"""The endpoints of a job's revisions: what was changed, by whom, and the way back."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler.api.contract import ContractViewSet
from scheduler.api.http import next_page, read_page
from scheduler.api.views import answer_job, refuse_null_characters
from scheduler.exceptions import JobNotFound
from scheduler.models import Job
from scheduler.revisions import Difference, Revision, list_revisions
from scheduler.services.restoring import restore_revision


class RevisionViewSet(ContractViewSet):
    """Revisions; of a job that is gone, too."""

    title = gettext_lazy("Revisions")
    about = gettext_lazy("Also those of a job that is gone.")
    permissions: ClassVar = {"list": "scheduler.view_job", "restore": "scheduler.change_job"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look for no id that cannot be."""
        super().initial(request, *args, **kwargs)
        refuse_null_characters(kwargs["job_id"])

    def list(self, request: Request, job_id: str) -> Response:
        """Answer a page of revisions, newest first, each with what it changed."""
        before, limit = read_page(request)
        found = list_revisions(job_id, Job.objects.filter(pk=job_id).first(), before=before, limit=limit + 1)
        if not found and before is None:
            raise JobNotFound(id=job_id)
        shown = found[:limit]
        more = len(found) > limit
        following = next_page("jobs", job_id, "revisions", before=shown[-1].number, limit=limit) if more else None
        return Response({"results": [_represent(each) for each in shown], "next": following})

    def restore(self, request: Request, job_id: str, revision: int) -> Response:
        """Change the job into what it was, and answer the job."""
        restore_revision(job_id, revision, unfinished_only=True)
        return answer_job(job_id)


def _represent(revision: Revision) -> dict[str, Any]:
    changes = revision.changes
    return {
        "revision": revision.number,
        "is_current": revision.is_current,
        "at": revision.at.isoformat(),
        "actor": revision.actor,
        "source": revision.source,
        "action": revision.action and revision.action.value,
        "restored_from": revision.restored_from,
        "changes": None if changes is None else {each.field: _represent_difference(each) for each in changes},
    }


def _represent_difference(difference: Difference) -> dict[str, Any]:
    return {
        "before": difference.before,
        "after": difference.after,
        "sentence": f"{difference.label}: {difference.said_before} → {difference.said_after}",
    }
