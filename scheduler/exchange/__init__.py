"""Reads and writes definitions in files: our own YAML and JSON, and what other schedulers have. Pure: no Django, no
database, no clock.

    document = read_document(text, format="yaml")
    write_document(document, format="yaml")

A reader collects all that is wrong, each with its line, and raises Unreadable.
"""

from scheduler.exchange.celerybeat import read_beat
from scheduler.exchange.comparing import Comparison, Difference, compare
from scheduler.exchange.crontabs import read_crontabs
from scheduler.exchange.documents import Document, Entry, LeftOut, Mistake, Rule, Unreadable
from scheduler.exchange.flaskjobs import read_flask, read_flask_entries
from scheduler.exchange.mapping import Call, read_mapping
from scheduler.exchange.reading import read_document
from scheduler.exchange.writing import write_document

__all__ = [
    "Call",
    "Comparison",
    "Difference",
    "Document",
    "Entry",
    "LeftOut",
    "Mistake",
    "Rule",
    "Unreadable",
    "compare",
    "read_beat",
    "read_crontabs",
    "read_document",
    "read_flask",
    "read_flask_entries",
    "read_mapping",
    "write_document",
]
