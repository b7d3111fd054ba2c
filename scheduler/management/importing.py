"""What the commands that import share: they say what is wrong, what would change and what differs, and then do it."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from scheduler import clock
from scheduler.actors import acting, name_of_system_user
from scheduler.exceptions import CarnationError, ImportRefused
from scheduler.exchange import Call, Document, Mistake
from scheduler.exchange.documents import MOST_BYTES
from scheduler.services.comparisons import Compared, compare_plan
from scheduler.services.import_planning import plan_import
from scheduler.services.import_plans import Change, Plan, Verb, show_value
from scheduler.services.import_sources import read_calls
from scheduler.services.imports import apply_import
from scheduler.words import describe, said

_SIGNS = {Verb.ADDED: "+", Verb.CHANGED: "~", Verb.DELETED: "-", Verb.UNCHANGED: "="}
_MOST_NAMED = 10


class ImportCommand(BaseCommand):
    """Imports what `read` returns."""

    can_delete = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options that all have."""
        parser.add_argument("--dry-run", action="store_true", help="Write nothing; only say what would be done.")
        if self.can_delete:
            parser.add_argument(
                "--delete-missing",
                action="store_true",
                help="Delete what the file does not name, of the parts that it has. The output lists it.",
            )

    def read(self, **options: Any) -> Document:
        """Return what is to be imported. Raises CarnationError, OSError, UnicodeDecodeError."""
        raise NotImplementedError

    def handle(self, *, dry_run: bool, delete_missing: bool = False, **options: Any) -> None:
        """Plan, say it, and do it."""
        now = clock.now()
        try:
            document = self.read(**options)
            plan = plan_import(document, delete_missing=delete_missing, now=now)
            self._show(plan)
            if plan.mistakes:
                raise ImportRefused(plan.mistakes)
            if not dry_run and not plan.is_empty:
                with acting(name=name_of_system_user(), source="command"):
                    apply_import(document, delete_missing=delete_missing, now=now, fingerprint=plan.fingerprint)
        except ImportRefused as error:
            for mistake in error.mistakes:
                self.stderr.write(say_mistake(mistake))
            raise CommandError(str(error)) from error
        except (CarnationError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_closing(plan, is_dry=dry_run))

    def _show(self, plan: Plan) -> None:
        compared = compare_plan(plan) if not plan.mistakes else {}
        for change in plan.changes:
            for line in _say_change(change, compared.get(change.key) if change.kind == "job" else None):
                self.stdout.write(line)
        for left in plan.left_out:
            where = f"line {left.line}: " if left.line else ""
            self.stdout.write(f"! {where}{left.text} left out: {left.reason}")
        if plan.untouched:
            more = ", ..." if len(plan.untouched) > _MOST_NAMED else ""
            named = ", ".join(plan.untouched[:_MOST_NAMED])
            self.stdout.write(f"Not named, and not touched: {len(plan.untouched)} jobs ({named}{more})")


class ForeignImportCommand(ImportCommand):
    """Imports what another scheduler has, whose functions may be called otherwise here."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options for names and clocks."""
        super().add_arguments(parser)
        parser.add_argument(
            "--map", action="append", default=[], metavar="OLD=NEW", help="The task that a name becomes; repeatable."
        )
        parser.add_argument(
            "--mapping",
            type=Path,
            help="A YAML or JSON file: old names, each with its task, or with func, args, kwargs.",
        )
        parser.add_argument("--timezone", default="", help="The zone of its clock, such as Asia/Shanghai.")


def read_mapping_options(options: Mapping[str, Any]) -> dict[str, Call]:
    """Return the mapping that the options name. Raises ImportRefused, OSError."""
    path: Path | None = options["mapping"]
    return read_calls(path.read_text(encoding="utf-8") if path else "", options["map"])


def read_file_or_stdin(name: str) -> str:
    """Return the text of a file; of the standard input for "-". Raises OSError, UnicodeDecodeError, ImportRefused."""
    stream = sys.stdin.buffer if name == "-" else None
    if stream is not None:
        content = stream.read(MOST_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ImportRefused([Mistake(message=f"The file is larger than {MOST_BYTES} bytes.")])
    return content.decode("utf-8")


def say_mistake(mistake: Mistake) -> str:
    """Say what is wrong, and where."""
    place = [f"line {mistake.line}" if mistake.line else "", mistake.item, mistake.field]
    return ": ".join([*(each for each in place if each), mistake.message])


def _say_change(change: Change, compared: Compared | None) -> Iterator[str]:
    where = f" (line {change.line})" if change.line else ""
    kind = "" if change.kind == "job" else f"{change.kind} "
    yield f"{_SIGNS[change.verb]} {kind}{change.key} {change.verb}{where}"
    if change.kind == "job" and change.verb == Verb.ADDED:
        yield f"    {describe(dict(change.trigger), change.timezone, seed=change.key)}"
    for name, (before, after) in change.fields.items():
        old = f"{show_value(name, before) or 'nothing'} -> " if change.verb == Verb.CHANGED else ""
        yield f"    {name}: {old}{show_value(name, after) or 'nothing'}"
    for note in change.notes:
        yield f"    note: {note}"
    if compared is not None:
        yield f"    {_say_comparison(compared)}"


def _say_comparison(compared: Compared) -> str:
    comparison, rule = compared.comparison, compared.change.rule
    source = rule.text if rule else ""
    if comparison is None:
        return f"not compared with [{source}]: no time was left"
    if (difference := comparison.difference) is not None:
        zone = ZoneInfo(compared.change.timezone)
        theirs, ours = (moment and moment.astimezone(zone) for moment in (difference.theirs, difference.ours))
        return (
            f"differs from [{source}] at occurrence {difference.number}: there {theirs or 'nothing'}, "
            f"here {ours or 'nothing'}. {said(difference.reason)}"
        )
    more = "; then the time was over" if comparison.ran_out_of_time else ""
    return f"equal to [{source}] in the next {comparison.equal} occurrences{more}"


def _closing(plan: Plan, *, is_dry: bool) -> str:
    counts = ", ".join(f"{plan.count(verb)} {verb}" for verb in Verb)
    if is_dry:
        return f"Would be: {counts}. Nothing was written."
    return f"Imported: {counts}."
