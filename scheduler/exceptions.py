"""The errors that Carnation raises; a class's docstring is its message."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext


class CarnationError(Exception):
    """Carnation could not do what was asked."""

    def __init__(self, **details: Any) -> None:
        super().__init__()
        self.details = details

    def __str__(self) -> str:
        """Return the message in the language of whoever is asking; `makemessages` finds it in the docstring."""
        return gettext(self.__doc__ or "").format(**self.details)

    @property
    def in_english(self) -> str:
        """The message as rows keep it, whatever language its cause speaks."""
        return (self.__doc__ or "").format(**self.details)


class JobNotFound(CarnationError):
    """Job {id} not found"""


class JobAlreadyExists(CarnationError):
    """Job {id} already exists."""


class RevisionNotFound(CarnationError):
    """Job {id} has no revision {revision} on record."""


class ExecutionNotFound(CarnationError):
    """Execution {id} not found"""


class ExecutionEnded(CarnationError):
    """Execution {id} has ended already: {status}."""


class CannotRepeat(CarnationError):
    """Execution {id} cannot be run again as it was: {reason}"""


class NothingToUndo(CarnationError):
    """Nothing is known of this that could be undone: it may be too long ago."""


class CalendarNotFound(CarnationError):
    """Calendar {name} not found"""


class CalendarAlreadyExists(CarnationError):
    """Calendar {name} already exists."""


class CalendarInUse(CarnationError):
    """Calendar {name} is used by: {users}. Change that first."""


class WindowNotFound(CarnationError):
    """Maintenance window {name} not found"""


class WindowAlreadyExists(CarnationError):
    """Maintenance window {name} already exists."""


class SchedulerAlreadyRunning(CarnationError):
    """Scheduler is already running"""


class SchedulerNotRunning(CarnationError):
    """Scheduler is not running"""


class UnknownTask(CarnationError):
    """No registered task is called {reference}. Decorate the function with @task in an installed app's jobs.py."""


class AmbiguousTask(CarnationError):
    """{reference} fits several tasks ({candidates}). Write the full module path."""


class NodeNotAllowed(CarnationError):
    """This host ({host}) is not in SCHEDULER_ALLOWED_HOSTS. Add it there, or start the node on another host."""


class NodeBuried(CarnationError):
    """Node {name} was declared dead by another node, because its heartbeat stayed away."""


class TimeStandsStill(CarnationError):
    """After {turns} turns at {moment} there is still more to do at that instant. Does a job queue itself again?"""


class InvalidInput(CarnationError):
    """The input is invalid."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """`errors` maps each field's name to the sentence that says what is wrong with it."""
        super().__init__()
        self.errors = dict(errors)

    def __str__(self) -> str:
        return " ".join(f"{field}: {message}" for field, message in self.errors.items())


class ImportRefused(CarnationError):
    """The import is refused: {count} mistakes. Nothing was written."""

    def __init__(self, mistakes: Sequence[Any]) -> None:
        """`mistakes` say what is wrong, and where."""
        super().__init__(count=len(mistakes))
        self.mistakes = tuple(mistakes)


class ImportOutdated(CarnationError):
    """Somebody has changed meanwhile what this import is about. Nothing was written; look at it again."""
