"""What a job's definition was: its revisions, newest first, and how any two of them differ.

Nothing here writes: `scheduler.services.revisions` writes them down, `scheduler.services.restoring` goes back to one.
"""

from scheduler.revisions.comparing import Difference, compare, is_same
from scheduler.revisions.listing import Revision, find_revision, list_revisions
from scheduler.revisions.rows import row_of

__all__ = ["Difference", "Revision", "compare", "find_revision", "is_same", "list_revisions", "row_of"]
