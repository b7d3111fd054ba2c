"""The Chinese catalogues: what was compiled is what was written, and nothing that anybody reads is missing."""

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import crispy_forms
import django
import pytest
import rest_framework
import unfold
from chinese_calendar import constants as china
from django.conf import settings
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext, override, templatize

from scheduler.calendars import countries
from scheduler.management.commands.makemessages import docstrings_of

pytestmark = pytest.mark.pure

ROOT = Path(settings.BASE_DIR)
OURS = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
CATALOGUES = [OURS, *(ROOT / f"locale/{name}/zh_Hans/LC_MESSAGES/django.po" for name in ("theme", "names"))]
# Where a call has its context, and its message.
CALLS = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
}
# A call as `templatize` writes those of a template, which is no Python otherwise.
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
PLACE = re.compile(r"%\(\w+\)[a-z0-9.]*[a-z]|%[.0-9]*[a-z]|\{\w*\}")
# Of other packages: what Carnation has not installed, and what only a client of a field that it lacks would read.
NOT_INSTALLED = ("constance", "guardian", "import_export", "inlines", "location_field", "contrib/forms", "authtoken")
NEVER_READ = {"A valid biginteger is required.", "Integer value too large to convert to float"}
Key = tuple[str, str]


def read_entries(catalogue: Path) -> Iterator[dict[str, str]]:
    for text in catalogue.read_text().split("\n\n"):
        entry, name = {"flags": ""}, ""
        for line in text.splitlines():
            if line.startswith("#"):
                entry["flags"] += line if line.startswith("#,") else ""
                continue
            keyword, _, said = line.partition('"')
            name = keyword.strip() or name
            entry[name] = entry.get(name, "") + ast.literal_eval(f'"{said}')
        if entry.get("msgid"):
            yield entry


def read_catalogue(catalogue: Path = OURS) -> dict[Key, str]:
    """Return what is said, by context and message."""
    said = {}
    for each in read_entries(catalogue):
        said[each.get("msgctxt", ""), each["msgid"]] = each.get("msgstr") or each.get("msgstr[0]", "")
    return said


def read_compiled(catalogue: Path) -> dict[Key, str]:
    """Return what Django will find, by context and message."""
    with catalogue.with_suffix(".mo").open("rb") as file:
        messages = vars(gettext.GNUTranslations(file))["_catalog"]
    found = {}
    for key, said in messages.items():
        context, _, message = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")
        found[context, message] = said
    return found


def messages_of(folder: Path) -> set[Key]:
    """Return what a folder's modules and templates mark for translation."""
    found: set[Key] = set()
    for path in folder.rglob("*"):
        if path.suffix == ".py":
            found.update(_of_module(path))
        elif path.suffix == ".html":
            found.update(_of_template(path.read_text()))
    return found


def _of_module(path: Path) -> Iterator[Key]:
    source = path.read_text()
    if path == ROOT / "scheduler/exceptions.py":
        yield from (("", message) for message in docstrings_of(source))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            context, message = CALLS[node.func.id]
            # Where the message is no text but a name, it was marked elsewhere.
            if len(node.args) > message and isinstance(node.args[message], ast.Constant):
                values = [ast.literal_eval(each) for each in node.args[: message + 1]]
                yield "" if context is None else values[context], values[message]


def _of_template(text: str) -> Iterator[Key]:
    for name, literals in TEMPLATE_CALL.findall(templatize(text)):
        context, message = CALLS[name]
        values = ast.literal_eval(f"({literals},)")
        yield "" if context is None else values[context], values[message]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-4])
def test_compiled_catalogue_is_the_written_one(catalogue: Path) -> None:
    compiled = read_compiled(catalogue)
    # Each compiler has its own way with the header.
    assert compiled.pop(("", ""))

    assert compiled == read_catalogue(catalogue)


def test_all_that_is_marked_is_gathered_and_nothing_else() -> None:
    marked = {*messages_of(ROOT / "scheduler"), *messages_of(ROOT / "carnation"), *messages_of(ROOT / "templates")}

    # `make messages` mends it.
    assert marked == read_catalogue().keys()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-4])
def test_everything_is_translated_and_nothing_is_guessed(catalogue: Path) -> None:
    lacking = [
        entry["msgid"]
        for entry in read_entries(catalogue)
        if "fuzzy" in entry["flags"] or not (entry.get("msgstr") or entry.get("msgstr[0]")) or "msgstr[1]" in entry
    ]

    assert lacking == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-4])
def test_values_have_their_places_in_the_translation(catalogue: Path) -> None:
    for entry in read_entries(catalogue):
        # What is singular in English may say the number in words.
        message = entry.get("msgid_plural", entry["msgid"])
        said = entry.get("msgstr") or entry["msgstr[0]"]
        assert Counter(PLACE.findall(said)) == Counter(PLACE.findall(message)), message


def test_models_and_their_fields_have_chinese_names() -> None:
    from django.apps import apps

    with override("zh-hans"):
        names = {
            f"{model.__name__}.{field.name}": str(field.verbose_name)
            for model in apps.get_app_config("scheduler").get_models()
            for field in model._meta.fields
            if field.editable and not field.is_relation and not field.name.startswith("history_")
        }

    assert len(names) > 50
    assert [name for name, said in names.items() if said.isascii() and said != "ID"] == []


def test_countries_and_the_holidays_of_china_have_chinese_names_and_nothing_else() -> None:
    places = {("country", name) for name in countries().values()}
    holidays = {("", name) for name in {*china.holidays.values(), *china.workdays.values()}}

    assert read_catalogue(CATALOGUES[2]).keys() == places | holidays


@pytest.mark.parametrize("package", [unfold, rest_framework, crispy_forms], ids=lambda package: package.__name__)
def test_what_other_packages_say_is_translated_by_them_or_by_us(package: object) -> None:
    folder = Path(str(getattr(package, "__file__", ""))).parent
    lacking = set()
    with override("zh-hans"):
        for path in folder.rglob("*"):
            if any(name in str(path.relative_to(folder)) for name in NOT_INSTALLED):
                continue
            found = _of_module(path) if path.suffix == ".py" else ()
            found = _of_template(path.read_text()) if path.suffix == ".html" else found
            lacking |= {message for context, message in found if not context and _is_untranslated(message)}

    assert lacking - NEVER_READ == set()


def _is_untranslated(message: str) -> bool:
    """Tell so; of a message with a plural, the singular finds nothing by itself."""
    return bool(message.strip()) and translate(message) == message == ngettext(message, message, 1)


def test_scripts_of_the_admin_speak_chinese() -> None:
    def messages(folder: Path, language: str) -> dict[Key, str]:
        return read_catalogue(folder / language / "LC_MESSAGES/djangojs.po")

    of_django = Path(django.__file__).parent / "contrib/admin/locale"
    translated = {key for key, said in messages(of_django, "zh_Hans").items() if said}

    assert messages(of_django, "en").keys() - translated - messages(ROOT / "locale/theme", "zh_Hans").keys() == set()
