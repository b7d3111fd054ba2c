"""Reads our own documents, in YAML or JSON: a version, and jobs, calendars and windows by their names."""

from scheduler.exchange.documents import MOST_BYTES, SECTIONS, TOO_LARGE, Document, Entry, Mistake, Unreadable
from scheduler.exchange.jsonreading import read_json
from scheduler.exchange.located import Located, refuse
from scheduler.exchange.yamlreading import read_yaml
from scheduler.triggers.sentences import gettext_noop

VERSION_KEY, VERSION = "carnation", 1
_NO_DOCUMENT = gettext_noop("This is no document of Carnation's: it begins with carnation: 1.")
_OTHER_VERSION = gettext_noop("This Carnation reads version 1 only.")
_UNKNOWN = gettext_noop('There is no such part; there are "jobs", "calendars" and "windows".')
_NO_ENTRIES = gettext_noop("Enter names, and below each of them its fields.")
_NO_FIELDS = gettext_noop("Enter fields, each with its value.")


def read_document(text: str) -> Document:
    """Return what a text in YAML or JSON holds; JSON begins with a brace. Raises Unreadable."""
    if len(text) > MOST_BYTES:
        raise refuse(TOO_LARGE % MOST_BYTES, 1)
    return _read_sections(read_located(text))


def read_located(text: str) -> Located:
    """Return a text's value with lines. Raises Unreadable."""
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    return read_json(text) if is_json else read_yaml(text)


def _read_sections(root: Located) -> Document:
    if not isinstance(root.value, dict) or VERSION_KEY not in root.value:
        raise refuse(_NO_DOCUMENT, root.line)
    version = root.value[VERSION_KEY]
    if version.value != VERSION or isinstance(version.value, bool):
        raise refuse(_OTHER_VERSION, version.line)
    mistakes: list[Mistake] = []
    entries: dict[str, tuple[Entry, ...]] = {}
    for name, part in root.value.items():
        if name in SECTIONS:
            entries[name] = tuple(_read_entries(part, name, mistakes))
        elif name != VERSION_KEY:
            mistakes.append(Mistake(message=_UNKNOWN, line=part.line, field=name))
    if mistakes:
        raise Unreadable(mistakes)
    return Document(
        jobs=entries.get("jobs", ()),
        calendars=entries.get("calendars", ()),
        windows=entries.get("windows", ()),
        sections=frozenset(SECTIONS[name] for name in entries),
    )


def _read_entries(part: Located, section: str, mistakes: list[Mistake]) -> list[Entry]:
    if part.value is None:
        return []
    if not isinstance(part.value, dict):
        mistakes.append(Mistake(message=_NO_ENTRIES, line=part.line, field=section))
        return []
    entries = []
    for key, each in part.value.items():
        if not isinstance(each.value, dict):
            mistakes.append(Mistake(message=_NO_FIELDS, line=each.line, item=key, field=section))
            continue
        lines = {name: value.line for name, value in each.value.items()}
        entries.append(Entry(key=key, fields=each.plain, line=each.line, lines=lines))
    return entries
