"""The Chinese catalogue: what was compiled is what was written, and the words of triggers are all in it."""

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure

CATALOGUE = Path(settings.BASE_DIR, "locale/zh_Hans/LC_MESSAGES/django.po")
SOURCES = [Path(settings.BASE_DIR, "scheduler", name) for name in ("words", "triggers", "simulation")]
# Where a call has its context, and its message.
CALLS = {"_": (None, 0), "gettext": (None, 0), "gettext_noop": (None, 0), "ngettext": (None, 0), "pgettext": (0, 1)}
Key = tuple[str, str]


def read_catalogue() -> dict[Key, str]:
    """Return what is translated, by context and message; what is fuzzy counts as not translated, as for msgfmt."""
    entries = map(_read_entry, CATALOGUE.read_text().split("\n\n"))
    return {(entry.get("msgctxt", ""), entry["msgid"]): said for entry in entries if (said := _translation(entry))}


def _read_entry(text: str) -> dict[str, str]:
    entry, name = {"flags": ""}, ""
    for line in text.splitlines():
        if line.startswith("#"):
            entry["flags"] += line if line.startswith("#,") else ""
            continue
        keyword, _, text = line.partition('"')
        name = keyword.strip() or name
        entry[name] = entry.get(name, "") + ast.literal_eval(f'"{text}')
    return entry


def _translation(entry: dict[str, str]) -> str:
    return "" if "fuzzy" in entry["flags"] else entry.get("msgstr", "") or entry.get("msgstr[0]", "")


def read_compiled() -> dict[Key, str]:
    """Return what Django will find, by context and message."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
    found = {}
    for key, said in catalogue.items():
        context, _, message = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")
        found[context, message] = said
    return found


def messages_of(path: Path) -> Iterator[Key]:
    """Yield what a module marks for translation."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            context, message = CALLS[node.func.id]
            # Where the message is no text but a name, it was marked elsewhere.
            if isinstance(node.args[message], ast.Constant):
                values = [ast.literal_eval(each) for each in node.args[: message + 1]]
                yield "" if context is None else values[context], values[message]


def test_compiled_catalogue_is_the_written_one() -> None:
    compiled = read_compiled()
    # Each compiler has its own way with the header.
    assert compiled.pop(("", ""))

    assert compiled == {key: said for key, said in read_catalogue().items() if key != ("", "")}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_no_word_of_a_trigger_lacks_its_translation(source: Path) -> None:
    marked = {key for path in source.rglob("*.py") for key in messages_of(path)}

    assert len(marked) > 5
    assert marked - read_catalogue().keys() == set()


def test_values_have_their_places_in_the_translation() -> None:
    for (_, message), said in read_catalogue().items():
        assert ("%(" in said) is ("%(" in message) or "%(count)s" in said
