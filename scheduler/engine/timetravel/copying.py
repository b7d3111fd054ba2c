"""A private copy of the definitions, in memory: whatever is done to it, the real database stays as it is."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, DatabaseWrapper, SQLiteCursorWrapper

from scheduler.models import CalendarDay, Job, MaintenanceWindow, Schedule, WorkCalendar

# What says when jobs run. A row that belongs to a job is copied only with its job.
COPIED: tuple[type[models.Model], ...] = (Job, Schedule, MaintenanceWindow, WorkCalendar, CalendarDay)
OF_A_JOB = (Job, Schedule)
_APPS = ("django_apscheduler", "scheduler")


@contextmanager
def private_copy(job_ids: Collection[str] | None = None) -> Iterator[None]:
    """Let this thread work on a copy of the jobs, of these only or of all, and of what they depend on.

    The connection is exchanged for this thread alone; nothing that is done within may use another thread.
    """
    rows = [list(_rows_of(model, job_ids)) for model in COPIED]
    real, copy = connections[DEFAULT_DB_ALIAS], _open_memory()
    connections[DEFAULT_DB_ALIAS] = copy
    try:
        _create_tables(copy)
        for model, copied in zip(COPIED, rows, strict=True):
            model._default_manager.bulk_create(copied)  # noqa: SLF001 - the documented way
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = real
        # Its own `close` does nothing to a database in memory, which would be gone.
        BaseDatabaseWrapper.close(copy)


def _rows_of(model: type[models.Model], job_ids: Collection[str] | None) -> models.QuerySet[models.Model]:
    rows = model._default_manager.all()  # noqa: SLF001 - as above
    if model is CalendarDay:
        # Whoever deleted its calendar past Django may have left a day behind, which the copy would refuse.
        return rows.filter(calendar__in=WorkCalendar.objects.values("pk"))
    return rows if job_ids is None or model not in OF_A_JOB else rows.filter(pk__in=job_ids)


def _open_memory() -> DatabaseWrapper:
    settings = {**connections.settings[DEFAULT_DB_ALIAS], "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    return _Memory({**settings, "OPTIONS": {}}, DEFAULT_DB_ALIAS)


class _Cursor(SQLiteCursorWrapper):
    """Rewrites the placeholders of a statement only once: a travel has few statements, and repeats them for ever."""

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        return super().convert_query(query, param_names=param_names) if param_names else _with_question_marks(query)


@lru_cache(maxsize=500)
def _with_question_marks(query: str) -> str:
    return str(FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class _Memory(DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> _Cursor:
        cursor: _Cursor = self.connection.cursor(factory=_Cursor)
        return cursor


def _create_tables(copy: BaseDatabaseWrapper) -> None:
    """Make the tables as the models are now; to go through all migrations would take longer than most travels."""
    with copy.schema_editor() as editor:
        for app in _APPS:
            for model in apps.get_app_config(app).get_models():
                editor.create_model(model)
