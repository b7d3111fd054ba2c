"""Reads tracebacks as they are stored, so that a page can show the reader's own frames first. Pure.

parse(text)[0].title == "RuntimeError: no paper"

What Python prints has no grammar: a message may hold anything, even another traceback. What is not understood becomes
a part of a message, and is never lost; the text itself stays what it is.
"""

from scheduler.tracebacks.failures import Failure, Frame, Link, Stretch, in_reading_order
from scheduler.tracebacks.owners import Owner, owner_of
from scheduler.tracebacks.parsing import parse

__all__ = ["Failure", "Frame", "Link", "Owner", "Stretch", "in_reading_order", "owner_of", "parse"]
