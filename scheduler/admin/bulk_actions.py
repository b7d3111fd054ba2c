"""The things that the lists do to many jobs and executions: what they are called, and what is asked of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scheduler.services import bulk

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class BulkAction:
    """Something that is done to many jobs: what it is called, what is asked and said of it, and who does it."""

    name: str
    label: Text
    question: Callable[[int], str]
    consequence: Text
    button: Text
    permission: str
    service: Callable[..., bulk.Outcome]
    takes_tag: bool = False
    is_dangerous: bool = False
    can_undo: bool = True


ON_JOBS = (
    BulkAction(
        name="run_selected",
        label=_("Run the selected jobs now"),
        question=lambda count: ngettext("Run %d job now?", "Run %d jobs now?", count) % count,
        consequence=_(
            "Each gets one run in the queue, beside its schedule. Broken jobs are left out. Runs that have not begun"
            " can be cancelled afterwards."
        ),
        button=_("Run now"),
        permission="operate",
        service=bulk.run_jobs,
    ),
    BulkAction(
        name="pause_selected",
        label=_("Pause the selected jobs"),
        question=lambda count: ngettext("Pause %d job?", "Pause %d jobs?", count) % count,
        consequence=_(
            "None of them becomes due until it is resumed; what runs goes on. Jobs that are paused or finished already"
            " stay as they are. This can be undone."
        ),
        button=_("Pause"),
        permission="operate",
        service=bulk.pause_jobs,
    ),
    BulkAction(
        name="resume_selected",
        label=_("Resume the selected jobs"),
        question=lambda count: ngettext("Resume %d job?", "Resume %d jobs?", count) % count,
        consequence=_(
            "Those that are paused are scheduled afresh from now on; what they missed meanwhile is not made up for."
            " This can be undone."
        ),
        button=_("Resume"),
        permission="operate",
        service=bulk.resume_jobs,
    ),
    BulkAction(
        name="add_tag",
        label=_("Add a tag to the selected jobs"),
        question=lambda count: ngettext("Add a tag to %d job?", "Add a tag to %d jobs?", count) % count,
        consequence=_("Jobs that have it already stay as they are. This can be undone."),
        button=_("Add the tag"),
        permission="change",
        service=bulk.add_tag,
        takes_tag=True,
    ),
    BulkAction(
        name="remove_tag",
        label=_("Remove a tag from the selected jobs"),
        question=lambda count: ngettext("Remove a tag from %d job?", "Remove a tag from %d jobs?", count) % count,
        consequence=_("Jobs without it stay as they are. This can be undone."),
        button=_("Remove the tag"),
        permission="change",
        service=bulk.remove_tag,
        takes_tag=True,
    ),
    BulkAction(
        name="delete_selected",
        label=_("Delete the selected jobs"),
        question=lambda count: ngettext("Delete %d job?", "Delete %d jobs?", count) % count,
        consequence=_(
            "Their definitions and schedules go; what runs goes on, what is queued is cancelled, and the history stays."
            " The definitions can be brought back afterwards, as long as their revisions are kept; cancelled runs"
            " cannot."
        ),
        button=_("Delete"),
        permission="delete",
        service=bulk.delete_jobs,
        is_dangerous=True,
    ),
)


ON_EXECUTIONS = (
    BulkAction(
        name="cancel_selected",
        label=_("Cancel the selected executions"),
        question=lambda count: ngettext("Cancel %d execution?", "Cancel %d executions?", count) % count,
        consequence=_(
            "What is queued does not begin; what runs is told to stop. What has ended stays as it is. This cannot be"
            " undone."
        ),
        button=_("Cancel them"),
        permission="cancel",
        service=bulk.cancel_executions,
        is_dangerous=True,
        can_undo=False,
    ),
    BulkAction(
        name="run_again",
        label=_("Run the selected executions again"),
        question=lambda count: ngettext("Run %d execution again?", "Run %d executions again?", count) % count,
        consequence=_(
            "For each, its job runs once more, as it is defined now, with the arguments that were that run's own. Runs"
            " that have not begun can be cancelled afterwards."
        ),
        button=_("Run again"),
        permission="cancel",
        service=bulk.run_again,
    ),
)
