"""Crontab files: lines, variables, comments, and the rule of each line as cron itself follows it."""

from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.exchange import Call, Document, Unreadable, read_crontabs

pytestmark = pytest.mark.pure

BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str, **options: Any) -> Document:
    return read_crontabs(text, **{"zone": BERLIN, "task": "jobs:shell", **options})


def mistakes(text: str, **options: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(Unreadable) as raised:
        read(text, **options)
    return [(each.line, each.message) for each in raised.value.mistakes]


def test_line_becomes_a_job_of_the_task() -> None:
    (entry,) = read("\n30 2 * * 1-5\t/usr/bin/dump  shop\n").jobs

    assert entry.line == 2
    assert entry.key == "usr-bin-dump-shop"
    assert entry.fields == {
        "name": "/usr/bin/dump  shop",
        "kwargs": {"command": "/usr/bin/dump  shop"},
        "func": "jobs:shell",
        "trigger": "cron",
        "crontab": "30 2 * * 1-5",
        "timezone": "Europe/Berlin",
    }


def test_comment_above_names_the_job_unless_it_is_a_job_put_out_of_service() -> None:
    text = "# Dump it\n#0 1 * * * old\n0 2 * * * dump\n# Far away\n\n0 3 * * * other\n# @daily gone\n0 4 * * * last"

    assert [entry.fields["name"] for entry in read(text).jobs] == ["Dump it", "other", "last"]


def test_percent_signs_end_the_command_and_begin_lines_of_its_input() -> None:
    (entry,) = read(r"0 1 * * * mail -s 5\% root%Dear root,%bye 5\%").jobs

    assert entry.fields["kwargs"] == {"command": "mail -s 5% root", "stdin": "Dear root,\nbye 5%"}


def test_variables_hold_for_the_lines_below_them() -> None:
    text = '0 1 * * * a\nCRON_TZ=Asia/Tokyo\nPATH = "/usr/bin"\n0 1 * * * b\nMAILTO=root\nTZ=UTC\n0 1 * * * c\n'

    first, second, third = read(text).jobs

    assert [each.fields["timezone"] for each in (first, second, third)] == ["Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"]
    assert [dict(each.offered) for each in (first, second)] == [{}, {"environment": {"PATH": "/usr/bin"}}]
    assert third.offered["environment"] == {"PATH": "/usr/bin", "TZ": "UTC"}
    assert [note.split()[0] for note in third.notes] == ["MAILTO", "TZ"]


def test_line_of_the_system_names_a_user() -> None:
    (entry,) = read("0 1 * * * root clean all\n", has_users=True).jobs

    assert (entry.fields["kwargs"], entry.offered) == ({"command": "clean all"}, {"user": "root"})
    assert mistakes("0 1 * * * root", has_users=True)[0][0] == 1


def test_reboot_is_left_out_with_its_reason() -> None:
    document = read("@reboot boot\n@daily clean\n")

    assert [(each.line, each.text) for each in document.left_out] == [(1, "@reboot boot")]
    assert "names no time" in document.left_out[0].reason
    assert [entry.fields["crontab"] for entry in document.jobs] == ["@daily"]


def test_ids_of_commands_with_options_are_readable() -> None:
    (entry,) = read("0 1 * * * /usr/bin/back-up --all -v\n").jobs

    assert entry.key == "usr-bin-back-up-all-v"


def test_ids_are_unique_and_the_same_again() -> None:
    text = "0 1 * * * a/b\n0 2 * * * a/b\n0 3 * * * ../..\n"

    assert [entry.key for entry in read(text).jobs] == ["a-b", "a-b-2", "job"]
    assert [entry.key for entry in read(text).jobs] == [entry.key for entry in read(text).jobs]


def test_mapping_names_a_task_for_a_whole_command() -> None:
    mapping = {"clean all": Call(func="jobs:clean", kwargs={"what": "all"}, id="clean", name="Clean")}

    (entry,) = read("0 1 * * * clean all", task=None, mapping=mapping).jobs

    assert entry.key == "clean"
    assert (entry.fields["func"], entry.fields["kwargs"], entry.fields["name"]) == (
        "jobs:clean",
        {"what": "all"},
        "Clean",
    )


def test_line_without_a_task_is_a_mistake() -> None:
    assert mistakes("0 1 * * * a\n0 2 * * * b\n", task=None)[1][0] == 2


@pytest.mark.parametrize(
    "line",
    [
        "what is this",
        "0 1 * * *",
        "60 1 * * * a",
        "0 1 L * * a",
        "0 1 * * 5#2 a",
        "5/15 * * * * a",
        "0 1,5/2 * * * a",
        "0 22-3 * * * a",
        "0~59 1 * * * a",
        "H 1 * * * a",
        "@every_minute a",
        "0 0 31 2 * a",
        "CRON_TZ=Mars\n",
    ],
)
def test_what_cron_does_not_take_is_a_mistake_with_its_line(line: str) -> None:
    assert [found for found, _message in mistakes(f"# First\n{line}\n0 1 * * * fine\n")] == [2]


def test_rule_is_that_of_cron_through_a_clock_change() -> None:
    rule = read("30 2 * * * a").jobs[0].rule
    assert rule is not None

    found = list(islice(rule.occurrences(datetime(2026, 3, 28, 1, 30, tzinfo=UTC)), 3))

    assert [f"{each:%d %H:%M}" for each in found] == ["28 01:30", "29 01:00", "30 00:30"]
