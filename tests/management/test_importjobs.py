"""`manage.py importjobs` and `exportjobs`."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from scheduler.models import AuditEntry, Job
from scheduler.services.jobs import create_job
from tests.management.importing import lines_with, refuse, run

pytestmark = pytest.mark.django_db

JOB = "carnation: 1\njobs:\n  a:\n    func: jobs:nothing\n    trigger: cron\n    hour: 3\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.yaml"
    path.write_text(JOB)
    return path


def test_dry_run_says_what_would_change_and_writes_nothing(file: Path) -> None:
    said = run("importjobs", str(file), "--dry-run")

    assert lines_with(said.out, "+ a added (line 3)")
    assert lines_with(said.out, "Runs at 03:00 every day")
    assert said.out.endswith("Would be: 1 added, 0 changed, 0 unchanged, 0 deleted. Nothing was written.\n")
    assert not Job.objects.exists()


def test_import_writes_and_names_who_did_it(file: Path) -> None:
    said = run("importjobs", str(file))

    assert said.out.endswith("Imported: 1 added, 0 changed, 0 unchanged, 0 deleted.\n")
    assert AuditEntry.objects.get().source == "command"
    assert AuditEntry.objects.get().actor


def test_change_is_shown_field_by_field(file: Path) -> None:
    run("importjobs", str(file))
    file.write_text(JOB.replace("3", "4") + "    tags: [a]\n")

    said = run("importjobs", str(file))

    assert lines_with(said.out, "hour: 3 -> 4")
    assert lines_with(said.out, 'tags: [] -> ["a"]')


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(JOB.encode())))

    run("importjobs", "-")

    assert Job.objects.get().pk == "a"


def test_mistakes_are_listed_with_their_lines_and_nothing_is_written(file: Path) -> None:
    file.write_text(
        JOB.replace("hour: 3", "hour: 25\n    colour: red") + "  b: {trigger: manual, func: 'jobs:nothing'}\n"
    )

    refused = refuse("importjobs", str(file))

    assert lines_with(refused.err, "line 7: a: colour:")
    assert "Nothing was written" in refused.out
    assert not Job.objects.exists()


def test_deletion_lists_what_it_deletes(file: Path) -> None:
    create_job({"id": "other", "func": "jobs:nothing", "trigger": "manual"})

    kept = run("importjobs", str(file))
    assert lines_with(kept.out, "not touched: 1 jobs (other)")

    said = run("importjobs", str(file), "--delete-missing")
    assert lines_with(said.out, "- other deleted")
    assert list(Job.objects.values_list("pk", flat=True)) == ["a"]


@pytest.mark.parametrize("content", [b"\xff", b"nothing: here", b"#" * 10_000_001], ids=["binary", "other", "large"])
def test_what_is_no_document_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert refuse("importjobs", str(file)).out


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "No such file" in refuse("importjobs", str(tmp_path / "none")).out


def test_export_prints_or_writes_what_import_reads(file: Path, tmp_path: Path) -> None:
    run("importjobs", str(file))
    target = tmp_path / "out.json"

    printed = run("exportjobs").out
    said = run("exportjobs", "a", "--format", "json", "--output", str(target))

    assert "  a:\n    func: jobs:nothing\n" in printed
    assert json.loads(target.read_text())["jobs"]["a"]["hour"] == "3"
    assert "1 jobs written" in said.out
    assert lines_with(run("importjobs", str(target)).out, "= a unchanged")


def test_export_says_what_it_leaves_out_and_whom_it_does_not_find() -> None:
    create_job({"id": "a", "func": "jobs:nothing", "trigger": "manual"})
    Job.objects.update(trigger=[])

    assert "a left out" in run("exportjobs").err
    assert "nobody" in refuse("exportjobs", "nobody").out
