"""HistoricalJob: every revision of a job's definition, with who wrote it. It outlives the job, as executions do."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from scheduler.actors import current_actor
from scheduler.models.audit import Action
from scheduler.models.ids import new_id

# Columns that are no part of what somebody defines: a pause, what follows from other columns, what a node counts.
NOT_OF_REVISIONS = (
    "paused", "problem", "declared", "run_count", "finished_at", "created_at", "updated_at",
    "synced_trigger", "synced_timezone", "synced_paused", "stale",
)  # fmt: skip


class RevisionColumns(models.Model):
    """What a revision says beside the columns of the job: who wrote it, and what they did."""

    source = models.CharField(_("source"), max_length=16, blank=True, help_text=_("By which way it was done."))
    action = models.CharField(_("action"), max_length=32, choices=Action.choices, blank=True)
    restored_from = models.PositiveIntegerField(
        _("restored from"), null=True, help_text=_("The revision that this one went back to.")
    )

    if TYPE_CHECKING:
        # The library adds these to the table.
        id: str
        name: str
        history_id: int
        history_date: datetime
        history_type: str
        actor: str
        revision: int
        trigger: Any
        timezone: str
        tracked_fields: ClassVar[list[models.Field[Any, Any]]]

    class Meta:
        abstract = True


class Revisions(HistoricalRecords):
    """The library's table and manager, which our services write: nothing listens to signals of our own models.

    A signal would see each `save()`, of a pause as of a change, and none of what is done by `update()`.
    """

    def __init__(self) -> None:
        super().__init__(
            verbose_name=_("revision"),
            verbose_name_plural=_("revisions"),
            bases=(RevisionColumns,),
            excluded_fields=list(NOT_OF_REVISIONS),
            history_id_field=models.BigIntegerField(default=new_id),
            get_user=_name_of_actor,
            # The constraint's index begins with it.
            no_db_index=["id"],
        )

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Make the table's model, and take back the receivers; they would also cost each deletion a SELECT."""
        super().finalize(sender, **kwargs)
        for signal, receiver in (
            (models.signals.post_save, self.post_save),
            (models.signals.post_delete, self.post_delete),
            (models.signals.pre_delete, self.pre_delete),
        ):
            signal.disconnect(receiver, sender=sender)

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Add what makes a revision one."""
        once = models.UniqueConstraint(fields=["id", "revision"], name="revision_once")
        return {**super().get_meta_options(model), "constraints": [once], "default_permissions": ()}

    def _get_history_user_fields(self) -> dict[str, Any]:
        """Name whoever it was by a text, as the audit log does: a node is no user, and a user may be gone."""
        actor = models.CharField(
            _("actor"), max_length=255, blank=True, help_text=_("A user or a node; empty where nobody knows.")
        )
        return {"actor": actor, "history_user": property(_read_actor, _write_actor)}

    @property
    def _date_indexing(self) -> bool:
        """Nobody looks for a date: ids grow with time."""
        return False


def _name_of_actor(**_kwargs: Any) -> str:
    return current_actor().name


def _read_actor(revision: RevisionColumns) -> str:
    return revision.actor


def _write_actor(revision: RevisionColumns, name: str | None) -> None:
    revision.actor = name or ""
