"""The form of an import: where the jobs come from, and how names and clocks are to be understood."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from scheduler import conf
from scheduler.exceptions import InvalidInput
from scheduler.exchange import Document
from scheduler.registry import all_tasks
from scheduler.services.beat_tables import has_beat_tables
from scheduler.services.fetching import MOST_BYTES, fetch_text
from scheduler.services.import_sources import (
    read_beat_database,
    read_calls,
    read_crontab_file,
    read_flask_answer,
    read_named_zone,
    read_own,
)
from scheduler.viewers import zone_names

OWN, CRONTAB, SYSTEM_CRONTAB, FLASK, BEAT = "carnation", "crontab", "system_crontab", "flask", "beat"
FORMATS = [
    (OWN, _("Carnation: YAML or JSON")),
    (CRONTAB, _("Crontab of a user")),
    (SYSTEM_CRONTAB, _("Crontab of the system, with users")),
    (FLASK, _("Flask-APScheduler: GET /scheduler/jobs, or SCHEDULER_JOBS as JSON")),
    (BEAT, _("django-celery-beat: its tables in this database")),
]
# Of these, nothing is shown that is no job: whoever imports could else read any page that the server reaches.
FETCHED = (OWN, FLASK)
# What the second step sends again, as it was understood in the first.
SENT_ON = ("format", "content", "task", "mapping", "timezone", "delete_missing")


class ImportForm(forms.Form):
    """A source, and what it needs to be read."""

    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, widget=UnfoldAdminSelectWidget())
    content = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12, "spellcheck": "false", "class": "import-text"}),
        help_text=_("Pasted here; or choose a file, or an address, below."),
    )
    file = forms.FileField(label=_("File"), required=False, widget=UnfoldAdminFileFieldWidget())
    url = forms.CharField(
        label=_("Address"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Such as http://host:5000/scheduler/jobs. The server itself asks it; nothing but jobs is shown."),
    )
    task = forms.ChoiceField(
        label=_("Task"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_(
            "For a crontab: it is given each line's command, and stdin, environment and user if it takes them."
        ),
    )
    mapping = forms.CharField(
        label=_("Mapping"),
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false", "class": "import-text"}),
        help_text=_(
            "What commands, or another scheduler's functions, become. One a line, such as old: module:function"
        ),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("The clock of a crontab, or of Flask-APScheduler, where it names none itself."),
    )
    delete_missing = forms.BooleanField(
        label=_("Delete what the file does not name"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("Only for Carnation's own format. It is listed before anything is deleted."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "format": FORMATS if has_beat_tables() else FORMATS[:-1],
            "task": [("", _("none")), *((each.reference, each.reference) for each in all_tasks())],
            "timezone": [(name, name) for name in zone_names()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        self.initial = {"format": OWN, "timezone": conf.timezone().key, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Take the text from where it is; that of the first step is what the second one sends again."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned["format"] == BEAT:
            return dict(cleaned)
        given = [name for name in ("content", "file", "url") if cleaned.get(name)]
        if len(given) != 1:
            message = gettext("Enter a text, or choose a file, or enter an address: one of them.")
            self.add_error("content", message)
            return dict(cleaned)
        try:
            text = self._text(given[0], cleaned[given[0]])
        except InvalidInput as error:
            for name, message in error.errors.items():
                self.add_error(name, message)
            text = ""
        # A browser sends every line's end as two characters.
        return {**cleaned, "content": text.replace("\r\n", "\n")}

    def _text(self, source: str, value: Any) -> str:
        if source == "url" and self.cleaned_data["format"] not in FETCHED:
            raise InvalidInput({"url": gettext("A crontab is pasted, or comes as a file.")})
        if source == "url":
            return fetch_text(value)
        return _read(value) if source == "file" else str(value)

    def read(self) -> Document:
        """Return what is to be imported. Raises ImportRefused, and InvalidInput where a database cannot be read."""
        data = self.cleaned_data
        if data["format"] == OWN:
            return read_own(data["content"])
        mapping = read_calls(data["mapping"])
        if data["format"] == BEAT:
            try:
                return read_beat_database("default", mapping=mapping)
            except DatabaseError as error:
                raise InvalidInput({"format": str(error)}) from error
        zone = read_named_zone(data["timezone"])
        if data["format"] == FLASK:
            return read_flask_answer(data["content"], mapping=mapping, zone=zone)
        has_users = data["format"] == SYSTEM_CRONTAB
        return read_crontab_file(data["content"], task=data["task"], mapping=mapping, zone=zone, has_users=has_users)

    @property
    def deletes_missing(self) -> bool:
        """Whether what the file does not name is to be deleted; other sources never know all that is here."""
        return bool(self.cleaned_data["delete_missing"]) and self.cleaned_data["format"] == OWN


def _read(file: "UploadedFile[Any]") -> str:
    if (file.size or 0) > MOST_BYTES:
        message = gettext("The file is larger than %d bytes; use the command importjobs.") % MOST_BYTES
        raise InvalidInput({"file": message})
    try:
        content: bytes = file.read()
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput({"file": gettext("The file is no text in UTF-8.")}) from error
