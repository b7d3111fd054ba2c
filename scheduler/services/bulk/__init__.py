"""What can be done to many jobs, or many executions, at once: a constant number of statements for each chunk of them.

Each chunk is a transaction of its own, so that nobody waits for long; who is stopped half-way has done the chunks
before. Every change leaves an entry, marked with what was done together, so that `undo` finds it again.
"""

from scheduler.services.bulk.chunks import CHUNK, Outcome
from scheduler.services.bulk.removal import delete_jobs
from scheduler.services.bulk.runs import cancel_executions, run_again, run_jobs
from scheduler.services.bulk.standing import pause_jobs, resume_jobs
from scheduler.services.bulk.tags import add_tag, remove_tag
from scheduler.services.bulk.undoing import Done, find_done, undo

__all__ = [
    "CHUNK",
    "Done",
    "Outcome",
    "add_tag",
    "cancel_executions",
    "delete_jobs",
    "find_done",
    "pause_jobs",
    "remove_tag",
    "resume_jobs",
    "run_again",
    "run_jobs",
    "undo",
]
