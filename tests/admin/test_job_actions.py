"""Run with arguments, backfill, pause with a reason, tags: the forms of a job's page."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scheduler.models import Execution, Job, Origin, Status
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.runs import run_job
from tests.admin.test_job_overview import address

pytestmark = pytest.mark.django_db


# As a part of arguments: what no database can hold, or Python not read, and what is said of it.
UNSTORABLE = [
    (r'"\ud800"', "This cannot be stored as JSON"),
    (r'{"\ud800": 1}', "This cannot be stored as JSON"),
    ("NaN", "This cannot be stored as JSON"),
    ("[" * 900 + "]" * 900, "nested more than 30 levels deep"),
    ("[" * 5_000 + "]" * 5_000, "nested more than 30 levels deep"),
    ("9" * 5_000, "Enter a valid JSON."),
]


def add(**more: Any) -> Job:
    return create_job(
        {"id": "job", "func": "jobs:add", "args": [1, 2], "trigger": "cron", "minute": 30, "timezone": "Asia/Shanghai"}
        | more
    )


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    errors: dict[str, list[str]] = answer.context["form"].errors
    return errors


def typed(moment: Any) -> str:
    """Return an instant as a browser sends it, on the clock of the job."""
    text: str = moment.astimezone(Job.objects.get().zone).strftime("%Y-%m-%dT%H:%M:%S")
    return text


def test_form_of_a_run_begins_with_the_arguments_of_the_job(browser: Client) -> None:
    add(args=[1], kwargs={"second": 2})

    form = browser.get(address("run-with/")).context["form"]

    assert (form["args"].value(), form["kwargs"].value()) == ("[1]", '{"second": 2}')


def test_run_has_the_arguments_that_were_typed_and_the_job_keeps_its_own(browser: Client) -> None:
    add()

    answer = browser.post(address("run-with/"), {"args": "[3]", "kwargs": '{"second": 4}'}, follow=True)

    execution = Execution.objects.get()
    assert (execution.args, execution.kwargs, execution.origin) == ([3], {"second": 4}, Origin.MANUAL)
    assert Job.objects.get().args == [1, 2]
    assert answer.redirect_chain[-1][0] == address()
    assert "is queued to run" in answer.content.decode()


def test_arguments_that_nobody_has_edited_stay_those_of_the_job(browser: Client) -> None:
    add()

    browser.post(address("run-with/"), {"args": "[1, 2]", "kwargs": "{}"})

    assert (Execution.objects.get().args, Execution.objects.get().kwargs) == (None, None)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"args": "[3", "kwargs": "{}"}, "args"),
        ({"args": "[3, 4, 5]", "kwargs": "{}"}, "args"),
        ({"args": "3", "kwargs": "{}"}, "args"),
        ({"args": "[1, 2]", "kwargs": '{"nobody": 1}'}, "kwargs"),
        ({"args": "[]", "kwargs": "[]"}, "kwargs"),
        ({"args": "", "kwargs": ""}, "args"),
        ({"args": '["\\u0000", 1]', "kwargs": "{}"}, "args"),
    ],
)
def test_mistake_in_the_arguments_stands_beside_its_field(browser: Client, sent: dict[str, str], wrong: str) -> None:
    add()

    assert wrong in errors_of(browser.post(address("run-with/"), sent))
    assert not Execution.objects.exists()


@pytest.mark.parametrize("page", ["run-with/", "backfill/"])
@pytest.mark.parametrize("field", ["args", "kwargs"])
@pytest.mark.parametrize(("value", "said"), UNSTORABLE)
def test_json_that_cannot_be_stored_is_refused_and_shown_again(
    browser: Client, page: str, field: str, value: str, said: str
) -> None:
    add()
    sent = {"args": "[1, 2]", "kwargs": "{}", field: f'{{"second": {value}}}' if field == "kwargs" else f"[{value}, 1]"}
    moments = {"start": "2026-11-20T00:00", "end": "2026-11-20T01:00"}

    answer = browser.post(address(page), sent | moments)

    assert said in errors_of(answer)[field][0]
    assert answer.context["form"][field].value() == sent[field]
    assert not Execution.objects.exists()


def test_nothing_typed_means_no_arguments(browser: Client) -> None:
    add(func="jobs:nothing", args=[])

    browser.post(address("run-with/"), {"args": "", "kwargs": ""})

    assert Execution.objects.get().args is None


def test_preview_shows_exactly_what_the_backfill_then_queues(browser: Client) -> None:
    add(start_date=(timezone.now() - timedelta(days=2)).isoformat())
    now = timezone.now()
    sent = {"start": typed(now - timedelta(hours=5)), "end": typed(now), "args": "[3, 4]", "kwargs": "{}"}
    first = Job.objects.get()
    moment = (now - timedelta(hours=2)).replace(minute=30, second=0, microsecond=0)
    Execution.objects.create(job=first, scheduled_for=moment, revision=1, created_at=now, status=Status.SUCCEEDED)

    preview = browser.get(address("backfill/"), sent)

    lines = preview.context["plan"]["lines"]
    assert [line["scheduled_for"] for line in lines if not line["attempt"]] == [moment]
    assert not Execution.objects.filter(origin=Origin.BACKFILL).exists()
    confirmed = dict(
        re.findall(
            r'<input type="hidden" name="(start|end|args|kwargs|seen)" value="([^"]*)"', preview.content.decode()
        )
    )
    browser.post(address("backfill/"), confirmed)
    queued = Execution.objects.filter(origin=Origin.BACKFILL).order_by("scheduled_for")
    assert [run.scheduled_for for run in queued] == [line["scheduled_for"] for line in lines if line["attempt"]]
    assert [run.args for run in queued] == [[3, 4]] * len(queued)


def test_backfill_that_would_do_something_else_by_now_is_shown_again(browser: Client) -> None:
    add(start_date=(timezone.now() - timedelta(days=2)).isoformat())
    now = timezone.now()
    sent = {"start": typed(now - timedelta(hours=5)), "end": typed(now), "args": "[1, 2]", "kwargs": "{}"}

    answer = browser.post(address("backfill/"), {**sent, "seen": "another"})

    assert "has changed meanwhile" in answer.content.decode()
    assert not Execution.objects.exists()
    browser.post(address("backfill/"), answer.context["plan"]["sent"])
    assert Execution.objects.count() == 5


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [("", "2026-01-02T00:00", "start"), ("never", "2026-01-02T00:00", "start"),
     ("2026-01-02T00:00", "2026-01-01T00:00", "end"), ("2026-01-01T00:00", "2999-01-01T00:00", "end"),
     ("2001-01-01T00:00", "2026-01-01T00:00", "end")],
)  # fmt: skip
def test_mistake_in_the_range_stands_beside_its_field(browser: Client, start: str, end: str, wrong: str) -> None:
    add()

    answer = browser.get(address("backfill/"), {"start": start, "end": end, "args": "[1, 2]", "kwargs": "{}"})

    assert list(errors_of(answer)) == [wrong]
    assert answer.context["plan"] is None


def test_range_without_an_occurrence_offers_nothing(browser: Client) -> None:
    add()

    answer = browser.get(
        address("backfill/"),
        {"start": "2026-01-01T00:31", "end": "2026-01-01T01:29", "args": "[1, 2]", "kwargs": "{}"},
    )

    assert answer.context["plan"]["lines"] == []
    assert 'name="seen"' not in answer.content.decode()


def test_job_is_paused_with_a_reason_until_an_instant_on_its_own_clock(browser: Client) -> None:
    add()

    answer = browser.post(
        address("pause-with/"), {"reason": "the disk is full", "until": "2031-05-06T07:08"}, follow=True
    )

    job = Job.objects.get()
    assert (job.paused, job.pause_reason) == (True, "the disk is full")
    assert job.paused_until is not None
    assert job.paused_until.isoformat() == "2031-05-05T23:08:00+00:00"
    assert answer.redirect_chain[-1][0] == address()


def test_pause_needs_neither_reason_nor_end(browser: Client) -> None:
    add()

    browser.post(address("pause-with/"), {"reason": "", "until": ""})

    assert (Job.objects.get().paused, Job.objects.get().paused_until) == (True, None)


def test_form_of_the_pause_begins_with_the_present_one(browser: Client) -> None:
    add()
    until = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    pause_job("job", reason="the disk is full", until=until)

    form = browser.get(address("pause-with/")).context["form"]

    assert (form["reason"].value(), form["until"].value()) == ("the disk is full", typed(until))


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"until": "2001-01-01T00:00"}, "until"),
        ({"until": "soon"}, "until"),
        ({"reason": "x" * 256}, "reason"),
        ({"reason": "a\tb"}, "reason"),
    ],
)
def test_mistake_in_the_pause_stands_beside_its_field(browser: Client, sent: dict[str, str], wrong: str) -> None:
    add()

    assert list(errors_of(browser.post(address("pause-with/"), sent))) == [wrong]
    assert Job.objects.get().paused is False


def test_tags_are_edited_in_place(browser: Client) -> None:
    add(tags=["old"])

    answer = browser.post(address("tags/"), {"tags": "night, database ,"}, headers={"hx-request": "true"})

    assert Job.objects.get().tags == ["database", "night"]
    html = answer.content.decode()
    assert html.lstrip().startswith('<div id="job-tags"')
    assert 'value="database, night"' in html


def test_tags_are_edited_without_javascript(browser: Client) -> None:
    add()

    answer = browser.post(address("tags/"), {"tags": "night"})

    assert Job.objects.get().tags == ["night"]
    assert (answer.status_code, answer["Location"]) == (302, address())


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_tags_that_are_none_are_refused_with_a_reason(browser: Client, headers: dict[str, str]) -> None:
    add(tags=["old"])

    answer = browser.post(address("tags/"), {"tags": "x" * 65}, headers=headers, follow=True)

    assert "A tag has 1 to 64 printable characters" in answer.content.decode()
    assert Job.objects.get().tags == ["old"]


def test_tags_of_a_job_that_is_gone_change_nothing(browser: Client) -> None:
    assert browser.post(address("tags/"), {"tags": "x"}).status_code == 302


def test_tags_are_for_those_who_may_change_jobs(browser_with: Callable[..., Client]) -> None:
    add()

    assert browser_with("view_job", "operate_job").post(address("tags/"), {"tags": "x"}).status_code == 403


def test_tags_are_posted(browser: Client) -> None:
    add()

    assert browser.get(address("tags/")).headers["Location"] == address()


@pytest.mark.parametrize("tail", ["run-with/", "pause-with/", "backfill/", "tags/"])
def test_forms_need_the_csrf_token(administrator: Any, tail: str) -> None:
    add()
    run_job("job")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    assert browser.post(address(tail), {"reason": "x", "tags": "x"}).status_code == 403


def test_secrets_are_hidden_and_stay_what_they_are(browser: Client) -> None:
    kwargs = {"first": {"token": "s3cret", "size": 1}, "second": "https://me:s3cret@host/"}
    add(func="jobs:anything", args=[], kwargs=kwargs)

    page = browser.get(address("run-with/"))
    assert "s3cret" not in page.content.decode()
    assert "s3cret" not in browser.get(address()).content.decode()
    shown = page.context["form"]["kwargs"].value()
    browser.post(address("run-with/"), {"args": "[]", "kwargs": shown})
    browser.post(address("run-with/"), {"args": "[]", "kwargs": shown.replace(": 1", ": 2")})

    unedited, edited = Execution.objects.order_by("id")
    assert unedited.kwargs is None
    assert edited.kwargs == {**kwargs, "first": {"token": "s3cret", "size": 2}}
