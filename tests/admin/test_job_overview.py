"""The page of one job: what it says, what can be asked of it there, and what it costs."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.recent import LATEST
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.nodes import register_node
from scheduler.services.repeats import run_as_defined_now
from scheduler.services.runs import run_job
from scheduler.services.windows import create_window
from scheduler.words import reasons
from tests.admin.test_job_pages import ODD_IDS

pytestmark = pytest.mark.django_db

LIST = "/admin/scheduler/job/"
DAILY = {"trigger": "cron", "crontab": "30 2 * * *", "timezone": "Asia/Shanghai"}
# Session, user, job, runs, what was done; the preview's job, schedule and windows; comparison, definitions, nodes.
QUERIES = 11


def add(job_id: str = "job", **more: Any) -> Job:
    return create_job({"id": job_id, "func": "jobs:nothing", **DAILY, **more})


def address(tail: str = "overview/", job_id: str = "job") -> str:
    return f"{LIST}{quote(job_id)}/{tail}"


def page(browser: Client, tail: str = "overview/") -> str:
    answer = browser.get(address(tail))
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html: str) -> str:
    """Return what is to be read, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def refreshing(html: str) -> str:
    """Return the address at which the page looks again."""
    found = re.search(r'hx-get="([^"]+/live/[^"]+)"', html)
    assert found
    return unescape(found[1])


def ran(minutes_ago: float, status: Status = Status.SUCCEEDED, *, seconds: float = 1, **more: Any) -> Execution:
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    columns = {"revision": 1, "created_at": moment, "available_at": moment, "started_at": moment, **more}
    finished_at = moment + timedelta(seconds=seconds)
    return Execution.objects.create(
        job_id="job", status=status, **{"scheduled_for": moment, "finished_at": finished_at, **columns}
    )


def test_page_says_when_the_job_runs_and_what_it_is(browser: Client) -> None:
    add(name="Nightly report", func="jobs:add", args=[1], kwargs={"second": 2}, tags=["night"], timeout=77)

    said = text_of(page(browser))

    for text in (
        "Nightly report", "Runs at 02:30 every day (Asia/Shanghai).", "active", "jobs:add", "[1]",
        "{&quot;second&quot;: 2}", "night", "Timeout 77", "Asia/Shanghai",
    ):  # fmt: skip
        assert text in said
    assert "Max instances" not in said


def test_next_runs_are_shown_in_the_viewers_zone_and_beside_that_in_the_jobs(browser: Client) -> None:
    add()

    said = text_of(page(browser))

    due = Schedule.objects.get().next_run_time
    assert due is not None
    for day in range(5):
        here = due + timedelta(days=day)
        there = here.astimezone(Job.objects.get().zone)
        assert f"{here:%a %Y-%m-%d} 18:30:00 UTC {there:%Y-%m-%d} 02:30:00 Asia/Shanghai" in said


def test_instants_of_runs_are_shown_in_the_viewers_zone_and_beside_that_in_the_jobs(browser: Client) -> None:
    add()
    ran(2, scheduled_for=datetime(2031, 5, 6, 7, tzinfo=UTC))
    ran(1, Status.FAILED, scheduled_for=datetime(2031, 5, 6, 8, tzinfo=UTC))

    html = page(browser)

    assert 'title="2031-05-06 07:00:00 UTC (15:00:00 Asia/Shanghai) · succeeded · 1.0 s"' in html
    assert "2031-05-06 08:00:00 UTC 16:00:00 Asia/Shanghai" in text_of(html)


def test_next_runs_name_their_days_in_the_viewers_language(browser: Client) -> None:
    add()

    said = browser.get(address(), headers={"accept-language": "zh-hans"}).content.decode()

    assert len(re.findall(r">周. \d{4}-\d\d-\d\d 18:30:00 UTC", said)) == 5


def test_next_runs_say_what_a_window_leaves_out(browser: Client) -> None:
    create_window({"name": "move", "trigger": "cron", "hour": 2, "timezone": "Asia/Shanghai", "duration_seconds": 3600})
    add()

    said = text_of(page(browser))

    assert "does not run" in said
    assert "move" in said


def test_strip_shows_the_last_runs_oldest_first_each_with_its_status_and_a_title(browser: Client) -> None:
    add()
    executions = [ran(60 - number, Status.FAILED if number == 3 else Status.SUCCEEDED) for number in range(55)]
    Execution.objects.filter(pk=executions[3].pk).update(scheduled_for=timezone.now())

    html = page(browser)

    shown = re.findall(r'id="run-(\d+)" class="status status-only status-(\w+)" href="([^"]+)" title="([^"]+)"', html)
    assert len(shown) == 50
    assert [int(pk) for pk, *_rest in shown][-1] == executions[3].pk
    assert [status for _pk, status, *_rest in shown].count("failed") == 1
    assert shown[0][2] == f"/admin/scheduler/execution/{shown[0][0]}/change/"
    assert "succeeded · 1.0 s" in shown[0][3]


def test_numbers_are_of_the_recent_runs_and_say_so(browser: Client) -> None:
    add()
    for number in range(20):
        ran(30 - number, Status.FAILED if number == 0 else Status.SUCCEEDED, seconds=number + 1)

    said = text_of(page(browser))

    assert "95 % (19 of 20)" in said
    assert "Duration p50 10.0 s" in said
    assert "Duration p95 19.0 s" in said
    assert "These numbers are of the last 20 runs" in said


def test_job_that_never_ran_says_so(browser: Client) -> None:
    add()

    assert "it has not run yet" in page(browser)


def test_last_failure_stands_beside_the_last_success(browser: Client) -> None:
    add(func="jobs:add", args=[1, 2])
    ran(3, revision=1)
    change_job("job", {"args": [1, 2.5]})
    ran(2, Status.FAILED, revision=2, reason="TypeError: no")

    said = text_of(page(browser))

    for text in ("TypeError: no", "[1, 2]", "[1, 2.5]", "The failure is the later one."):
        assert text in said


def test_page_says_how_far_back_it_has_looked(browser: Client) -> None:
    add()
    ran(LATEST + 1, Status.FAILED)
    for minutes_ago in range(2, LATEST):
        ran(minutes_ago)
    assert "last 200 runs" not in text_of(page(browser))

    ran(1)
    ran(0)
    said = text_of(page(browser))
    assert "None of the last 200 runs has failed; older ones were not looked at." in said
    assert "The last failure beside" not in said

    ran(0, Status.FAILED)
    said = text_of(page(browser))
    assert "The last failure beside" in said
    assert "Looked for among the last 200 runs; older ones don't count." in unescape(said)


def test_job_that_has_not_succeeded_for_long_says_so(browser: Client) -> None:
    add()
    for minutes_ago in range(LATEST):
        ran(minutes_ago, Status.FAILED)

    assert "None of the last 200 runs has succeeded; older ones were not looked at." in text_of(page(browser))


def test_versions_of_the_users_code_stand_side_by_side(browser: Client) -> None:
    add()
    for minutes_ago, status, version in ((3, Status.SUCCEEDED, "v2026.1"), (2, Status.FAILED, "v2026.2")):
        node = register_node(name="tokyo-1", pid=minutes_ago, threads=1, now=timezone.now())
        Node.objects.filter(pk=node.pk).update(code_version=version)
        ran(minutes_ago, status, node=node)

    said = text_of(page(browser))

    assert "Code version changed v2026.1 v2026.2" in said
    assert "Carnation changed" not in said


def test_what_was_done_lately_is_told_with_who_did_it(browser: Client) -> None:
    add()
    browser.post(address("run/"))
    change_job("job", {"timeout": 60})

    said = text_of(page(browser))

    assert "run by admin (admin) · revision 1 · the run" in said
    assert "Timeout: nothing → 60" in said


def test_change_of_a_long_argument_shows_what_differs(browser: Client) -> None:
    path = f"/srv/{'a' * 100}/"
    add(func="jobs:anything", kwargs={"path": path, "text": "Dear $nmae"})
    change_job("job", {"kwargs": {"path": path, "text": "Dear $name"}})

    (line,) = re.findall(r'<li class="job-change">(.*?)</li>', page(browser))

    assert "$nmae&quot;} → …" in line
    assert line.endswith("$name&quot;}")
    assert "/srv/" not in line


def test_repeated_run_is_told_without_the_number_of_the_one_that_it_repeats(browser: Client) -> None:
    add()
    first = ran(1)
    run_as_defined_now(first.pk)

    assert str(first.pk) not in text_of(page(browser))


def test_pause_is_shown_with_its_reason_and_its_end(browser: Client) -> None:
    add()
    pause_job("job", reason="the disk is <full>", until=datetime(2031, 5, 6, 7, 8, tzinfo=UTC))

    html = page(browser)

    assert "paused until 2031-05-06 07:08:00 UTC (15:08:00 Asia/Shanghai)" in html
    assert "the disk is &lt;full&gt;" in html
    # Those after the pause.
    assert "Tue 2031-05-06 18:30:00 UTC" in html
    assert "paused until 2031-05-06 07:08:00 UTC (15:08:00 Asia/Shanghai)" in browser.get(LIST).content.decode()


def test_job_that_is_paused_for_good_has_no_next_run(browser: Client) -> None:
    add()
    pause_job("job")

    assert "None while the job is paused." in page(browser)


def test_all_that_can_be_asked_of_the_job_can_be_reached(browser: Client) -> None:
    add()
    html = page(browser)

    for tail in ("change/", "why/", "delete/", "run-with/", "pause-with/", "backfill/"):
        assert f'href="{address(tail)}"' in html
        assert browser.get(address(tail)).status_code == 200
    assert f'action="{address("run/")}"' in html
    assert f'href="{LIST}add/?duplicate=job"' in html
    assert 'href="/admin/scheduler/execution/?job__id__exact=job"' in html


def test_deleted_job_says_so_and_still_shows_its_history(browser: Client) -> None:
    add()
    ran(3)
    ran(2, Status.FAILED)
    browser.post(address("delete/"), {"post": "yes"})

    said = text_of(page(browser))

    assert "This job was deleted by admin (admin) at" in said
    assert "The last failure beside the last success" in said
    assert "Run now" not in said
    assert browser.get(address("overview/live/")).status_code == 200


def test_history_whose_job_vanished_past_the_services_is_shown(browser: Client) -> None:
    add()
    ran(3)
    Job.objects.all().delete()

    assert "This job is gone" in page(browser)


@pytest.mark.parametrize("tail", ["overview/", "run-with/", "pause-with/", "backfill/"])
@pytest.mark.parametrize("job_id", ["never-there", "\0"])
def test_job_that_never_was_is_not_found(browser: Client, tail: str, job_id: str) -> None:
    assert browser.get(address(tail, job_id)).status_code == 404


@pytest.mark.parametrize("job_id", ODD_IDS)
def test_page_shows_any_id_without_running_it(browser: Client, job_id: str) -> None:
    add(job_id)
    run_job(job_id)

    for tail in ("overview/", "overview/live/", "run-with/", "pause-with/", "backfill/"):
        answer = browser.get(address(tail, job_id))
        assert answer.status_code == 200
        assert b'x"><script>' not in answer.content
    assert browser.get(f"{LIST}add/").status_code == 200


@pytest.mark.parametrize(
    "garbage",
    [{"trigger": {}}, {"trigger": []}, {"timezone": "Mars/Olympus"}, {"args": "x"}, {"tags": "x"}, {"tags": [1]}],
)
def test_broken_rows_are_shown(browser: Client, garbage: dict[str, Any]) -> None:
    add()
    ran(1)
    Job.objects.update(**garbage, problem="broken by hand")

    for tail in ("overview/", "overview/live/", "run-with/", "pause-with/", "backfill/"):
        assert browser.get(address(tail)).status_code == 200
    assert "broken by hand" in page(browser)


def test_part_that_refreshes_answers_nothing_while_it_is_the_same(browser: Client) -> None:
    add()
    ran(1)
    asked = refreshing(page(browser))

    assert browser.get(asked).status_code == 204

    run_job("job")
    answer = browser.get(asked)
    assert answer.status_code == 200
    assert "queued" in text_of(answer.content.decode())


def test_buttons_are_exchanged_when_others_are_needed_and_else_left_alone(browser: Client) -> None:
    add()
    pause_job("job", until=timezone.now() + timedelta(hours=1))
    asked = refreshing(page(browser))
    run_job("job")
    assert "#job-head" not in browser.get(asked).content.decode()

    resume_job("job")
    html = browser.get(asked).content.decode()
    assert 'hx-swap-oob="innerHTML:#job-head"' in html
    assert "Pause…" in html

    delete_job("job")
    assert "This job was deleted" in browser.get(refreshing(html)).content.decode()


def test_what_is_done_meanwhile_is_told(browser: Client) -> None:
    add()
    asked = refreshing(page(browser))

    change_job("job", {"timeout": 60})

    assert "Timeout: nothing → 60" in browser.get(asked).content.decode()


def test_part_that_refreshes_says_what_is_new_to_a_screen_reader(browser: Client) -> None:
    add()
    ran(1, Status.FAILED)

    html = browser.get(address("overview/live/?seen=other")).content.decode()

    assert re.search(r'hx-swap-oob="innerHTML:#job-announcement">[^<]*failed', html)


def test_page_is_asked_for_more_often_while_something_runs(browser: Client) -> None:
    add()
    assert "every 5s" in page(browser)

    run_job("job")
    assert "every 2s" in page(browser)


def test_page_costs_as_many_statements_for_many_runs_as_for_few(browser: Client) -> None:
    add()
    node = register_node(name="tokyo-1", pid=1, threads=1, now=timezone.now())
    ran(2000, node=node)
    ran(1999, Status.FAILED, node=node)
    page(browser)
    with CaptureQueriesContext(connection) as for_few:
        page(browser)
    for number in range(220):
        ran(number + 1, Status.FAILED if number % 7 == 0 else Status.SUCCEEDED, node=node)
    for number in range(20):
        change_job("job", {"timeout": number + 1})

    with CaptureQueriesContext(connection) as for_many:
        page(browser)

    assert len(for_many) == len(for_few) == QUERIES


def test_history_is_never_counted(browser: Client) -> None:
    add()
    ran(1)

    with CaptureQueriesContext(connection) as queries:
        page(browser)

    assert [query["sql"] for query in queries if "COUNT(" in query["sql"]] == []


def test_viewer_sees_all_and_is_offered_nothing(browser_with: Callable[..., Client]) -> None:
    add()
    run_job("job")
    browser = browser_with("view_job")

    html = page(browser)

    assert "Runs at 02:30" in html
    for tail in ("run/", "run-with/", "pause-with/", "backfill/", "tags/", "change/", "delete/"):
        assert address(tail) not in html


@pytest.mark.parametrize("tail", ["run-with/", "pause-with/", "backfill/"])
def test_who_may_only_change_jobs_does_not_operate_them(browser_with: Callable[..., Client], tail: str) -> None:
    add()
    browser = browser_with("view_job", "change_job")

    assert browser.get(address(tail)).status_code == 403
    assert browser.post(address(tail), {"args": "[]", "kwargs": "{}"}).status_code == 403
    assert not Execution.objects.exists()


def test_operator_is_offered_what_an_operator_may_do(browser_with: Callable[..., Client]) -> None:
    add()
    browser = browser_with("view_job", "operate_job")

    html = page(browser)

    for tail in ("run-with/", "pause-with/", "backfill/"):
        assert address(tail) in html
        assert browser.get(address(tail)).status_code == 200
    for tail in ("tags/", "change/", "delete/"):
        assert address(tail) not in html


def test_without_permission_there_is_no_page(browser_with: Callable[..., Client]) -> None:
    add()
    browser = browser_with("view_execution")

    assert browser.get(address()).status_code == 403
    assert browser.get(address("overview/live/")).status_code == 403


def test_manual_runs_stand_in_the_strip(browser: Client) -> None:
    add()
    ran(1, origin=Origin.MANUAL)

    assert "succeeded · 1.0 s · manual" in page(browser)


def test_deleting_through_the_service_is_told_too(browser: Client) -> None:
    add()
    delete_job("job")

    assert "This job was deleted by somebody unknown" in page(browser)


def test_runs_say_their_reasons_in_the_language_of_the_reader(browser: Client) -> None:
    add()
    ran(9)
    ran(5, Status.TIMED_OUT, reason=str(reasons.TIMED_OUT % {"seconds": "60"}))

    with override("en"):
        html = browser.get(address(), headers={"accept-language": "zh-CN"}).content.decode()

    assert "超时 · 1.0 秒 · 执行超过了 60 秒的超时时间。" in html
    assert "ran longer than" not in html
