"""The page that imports: first it shows what is wrong, or what would change; then it does exactly what it showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scheduler import clock
from scheduler.admin.import_form import SENT_ON, ImportForm
from scheduler.exceptions import ImportOutdated, ImportRefused, InvalidInput
from scheduler.exchange import Comparison, Document, Mistake
from scheduler.services.comparisons import Compared, compare_plan
from scheduler.services.import_planning import plan_import
from scheduler.services.import_plans import Change, Plan, Verb, show_value
from scheduler.services.imports import apply_import
from scheduler.words import describe, said

# Rows of the page; the counts above them are of all.
MOST_SHOWN = 300
# Seconds for which a page may compare.
LONGEST_COMPARING = 8.0
VERBS: Mapping[Verb, Any] = {
    Verb.ADDED: pgettext_lazy("import", "added"),
    Verb.CHANGED: pgettext_lazy("import", "changed"),
    Verb.UNCHANGED: pgettext_lazy("import", "unchanged"),
    Verb.DELETED: pgettext_lazy("import", "deleted"),
}
KINDS: Mapping[str, Any] = {"job": _("job"), "calendar": _("calendar"), "window": _("maintenance window")}
_MODELS = {"job": "job", "calendar": "workcalendar", "window": "maintenancewindow"}
_RIGHTS = {Verb.ADDED: "add", Verb.CHANGED: "change", Verb.DELETED: "delete"}
_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Row:
    """A change as the page shows it."""

    change: Change
    kind: Any
    verb: Any
    in_words: str
    fields: tuple[tuple[str, str, str], ...]
    comparison: Comparison | None
    is_equal: bool
    source: str
    compared: str


def answer_import(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows; `is_done` where the import was carried out."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return {"form": form}
    try:
        document = form.read()
        if "apply" in request.POST:
            return _apply(request, form, document)
        return _show(request, form, document)
    except ImportRefused as error:
        return {"form": form, "mistakes": error.mistakes}
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return {"form": form}


def _apply(request: HttpRequest, form: ImportForm, document: Document) -> dict[str, Any]:
    try:
        now = datetime.fromisoformat(request.POST.get("now", ""))
        plan = plan_import(document, delete_missing=form.deletes_missing, now=now)
        if mistakes := _forbidden(request, plan):
            raise ImportRefused(mistakes)
        plan = apply_import(
            document,
            delete_missing=form.deletes_missing,
            now=now,
            fingerprint=request.POST.get("fingerprint", ""),
        )
    except (ImportOutdated, ValueError):
        messages.warning(request, gettext("Something has changed since this was shown. This is how it is now."))
        return _show(request, form, document)
    counts = {verb.value: plan.count(verb) for verb in Verb}
    said_counts = gettext(
        "Imported: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(deleted)d deleted."
    )
    messages.success(request, said_counts % counts)
    return {"is_done": True}


def _show(request: HttpRequest, form: ImportForm, document: Document) -> dict[str, Any]:
    plan = plan_import(document, delete_missing=form.deletes_missing, now=clock.now())
    mistakes = (*plan.mistakes, *_forbidden(request, plan))
    compared = {} if mistakes else compare_plan(plan, longest=LONGEST_COMPARING)
    shown = sorted(plan.changes, key=lambda change: not change.writes)[:MOST_SHOWN]
    return {
        "form": form,
        "plan": plan,
        "mistakes": mistakes,
        "rows": [] if mistakes else [_row(change, compared) for change in shown],
        "hidden": len(plan.changes) - len(shown),
        "counts": [(verb.value, VERBS[verb], plan.count(verb)) for verb in Verb],
        "deleted": plan.count(Verb.DELETED),
        "sent": {name: form.cleaned_data.get(name) or "" for name in SENT_ON},
        "equal": sum(_is_equal(each.comparison) for each in compared.values()),
        "compared": len(compared),
    }


def _forbidden(request: HttpRequest, plan: Plan) -> tuple[Mistake, ...]:
    """Return what the import would do, and its author may not."""
    wanted = {(each.kind, each.verb) for each in plan.changes if each.writes}
    rights = {f"scheduler.{_RIGHTS[verb]}_{_MODELS[kind]}": (kind, verb) for kind, verb in sorted(wanted)}
    missing = [KINDS[kind] for right, (kind, verb) in rights.items() if not request.user.has_perm(right)]
    message = gettext("You may not do that to a %s; nothing was imported.")
    return tuple(Mistake(message=message % kind) for kind in missing)


def _row(change: Change, compared: Mapping[str, Compared]) -> Row:
    found = compared.get(change.key) if change.kind == "job" else None
    comparison = found.comparison if found else None
    is_seen = change.kind == "job" and change.verb != Verb.DELETED
    return Row(
        change=change,
        kind=KINDS[change.kind],
        verb=VERBS[change.verb],
        in_words=describe(dict(change.trigger), change.timezone, seed=change.key) if is_seen else "",
        fields=tuple(
            (name, _short(name, before), _short(name, after)) for name, (before, after) in change.fields.items()
        ),
        comparison=comparison,
        is_equal=_is_equal(comparison),
        source=change.rule.text if change.rule else "",
        compared=_say(comparison) if found else "",
    )


def _is_equal(comparison: Comparison | None) -> bool:
    return comparison is not None and comparison.difference is None


def _say(comparison: Comparison | None) -> str:
    if comparison is None:
        return gettext("Not compared: no time was left.")
    if comparison.difference is not None:
        number = comparison.difference.number
        return gettext("Differs at occurrence %d.") % number + " " + said(comparison.difference.reason)
    text = gettext("The next %d occurrences are equal.") % comparison.equal
    return text + " " + gettext("Then the time was over.") if comparison.ran_out_of_time else text


def _short(name: str, value: Any) -> str:
    text = show_value(name, value)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
