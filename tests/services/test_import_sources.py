"""What other schedulers have, fitted to what is registered here."""

from typing import Any

import pytest

from scheduler.exceptions import ImportRefused, UnknownTask
from scheduler.exchange import Call
from scheduler.registry import Task
from scheduler.services.import_planning import plan_import
from scheduler.services.import_sources import (
    read_calls,
    read_crontab_file,
    read_flask_answer,
    read_flask_settings,
    read_named_zone,
    read_own,
)
from tests.services.rows import NOW

CRONTAB = "PATH=/usr/bin\n0 3 * * * root clean %now\n"


def messages(error: pytest.ExceptionInfo[ImportRefused]) -> list[str]:
    return [each.message for each in error.value.mistakes]


@pytest.mark.parametrize(
    ("task", "kwargs", "refused"),
    [
        ("jobs:run_all", {"command": "clean", "stdin": "now", "environment": {"PATH": "/usr/bin"}, "user": "root"}, ""),
        ("jobs:call_program", {"command": "clean", "stdin": "now"}, "environment, user"),
        ("nowhere:f", {"command": "clean", "stdin": "now"}, "environment, user"),
    ],
)
def test_task_is_handed_what_it_takes(
    task: str, kwargs: dict[str, Any], refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_all(command: str, **surroundings: Any) -> None:
        pass

    def call_program(command: str, stdin: str = "") -> None:
        pass

    functions: dict[str, Any] = {"jobs:run_all": run_all, "jobs:call_program": call_program}

    def find(reference: str) -> Task:
        if reference not in functions:
            raise UnknownTask(reference=reference)
        return Task(reference=reference, function=functions[reference])

    monkeypatch.setattr("scheduler.services.import_sources.find_task", find)

    (entry,) = read_crontab_file(CRONTAB, task=task, has_users=True).jobs

    assert entry.fields["kwargs"] == kwargs
    assert [note for note in entry.notes if refused and refused in note] == list(entry.notes)


def test_executor_that_is_not_there_is_let_go_with_a_note() -> None:
    document = read_flask_settings(
        [{"id": str(number), "func": "f:f", "executor": name} for number, name in enumerate(["default", "gevent"])]
    )

    assert [entry.fields.get("executor") for entry in document.jobs] == ["default", None]
    assert any("gevent" in note for note in document.jobs[1].notes)


@pytest.mark.django_db
def test_unknown_function_is_a_mistake_until_it_is_mapped() -> None:
    entries = [{"id": "a", "func": "old:job", "trigger": "cron", "hour": 3}]

    refused = plan_import(read_flask_settings(entries), now=NOW)
    mapped = plan_import(read_flask_settings(entries, mapping={"old:job": Call(func="jobs:nothing")}), now=NOW)

    assert [(each.item, each.field) for each in refused.mistakes] == [("a", "func")]
    assert (mapped.mistakes, mapped.changes[0].data["func"]) == ((), "jobs:nothing")


def test_pairs_go_over_the_mapping_and_split_at_the_last_equals_sign() -> None:
    assert read_calls("a: x:x\nb: y:y", ["a=z:z", "A=1 run=w:w"]) == {
        "a": Call(func="z:z"),
        "b": Call(func="y:y"),
        "A=1 run": Call(func="w:w"),
    }
    with pytest.raises(ImportRefused):
        read_calls("", ["a"])


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_own("jobs: {}"),
        lambda: read_crontab_file("what"),
        lambda: read_flask_answer("{}"),
        lambda: read_calls("- a"),
        lambda: read_named_zone("Mars"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(read: Any) -> None:
    with pytest.raises(ImportRefused) as refused:
        read()

    assert all(type(message) is str and message for message in messages(refused))
