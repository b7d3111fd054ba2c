"""One execution's page: what is known of it, also where its job, its node or its output is gone; and to whom."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scheduler.models import Execution, ExecutionOutput, Job, Node, Origin, Status
from scheduler.services.jobs import change_job, create_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TRACEBACK = """Traceback (most recent call last):
  File "/srv/shop/jobs.py", line 3, in fetch
    return json.loads(text)
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
ValueError: no <b>JSON</b>

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/shop/jobs.py", line 9, in report
    fetch(text)
RuntimeError: no paper
"""


@pytest.fixture
def execution(db: None, settings: Any) -> Execution:
    """A run that has failed, on a node, of a job that greets Tokyo."""
    settings.SCHEDULER_CODE_VERSION = "v17"
    create_job(
        {"id": "job", "name": "Greeting", "func": "jobs:greet", "args": ["Tokyo"], "trigger": "cron", "minute": 0,
         "timezone": "Asia/Shanghai"}
    )  # fmt: skip
    run = run_job("job")
    node = register_node(name="tokyo-1", pid=4711, threads=1, now=NOW)
    Execution.objects.update(
        status=Status.FAILED, reason="RuntimeError: no paper", node=node, started_at=NOW, finished_at=timezone.now()
    )
    ExecutionOutput.objects.create(execution=run, traceback=TRACEBACK, log="<i>printed</i>\n", result='{"a": 1}')
    return Execution.objects.get()


def url_of(execution: Execution, name: str = "change") -> str:
    return f"/admin/scheduler/execution/{execution.pk}/{name}/"


def page(browser: Client, execution: Execution) -> str:
    response = browser.get(url_of(execution))
    assert response.status_code == 200
    return response.content.decode()


def test_page_tells_what_is_known(browser: Client, execution: Execution) -> None:
    shown = page(browser, execution)

    for text in (
        "status status-failed", "RuntimeError: no paper", "&lt;i&gt;printed&lt;/i&gt;", "{&quot;a&quot;: 1}",
        "jobs:greet", "Tokyo", "tokyo-1", "4711", "v17", "manual",
    ):  # fmt: skip
        assert text in shown, text


def test_ones_own_frames_stand_open_and_those_of_libraries_are_folded(browser: Client, execution: Execution) -> None:
    shown = page(browser, execution)

    assert "1 frame of libraries" in shown
    folded = shown[shown.index('<details class="execution-folded">') :].partition("</details>")[0]
    assert "/usr/lib/python3.11/json" in folded
    assert "/srv/shop/jobs.py" not in folded
    assert shown.index("RuntimeError: no paper</h3>") < shown.index("It was caused by:")
    assert shown.index("It was caused by:") < shown.index("ValueError: no &lt;b&gt;JSON&lt;/b&gt;</h3>")


def test_traceback_is_there_as_it_is_stored(browser: Client, execution: Execution) -> None:
    stored = TRACEBACK.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;").replace('"', "&quot;")

    assert stored in page(browser, execution)


def test_page_links_to_job_revisions_and_node(browser: Client, execution: Execution) -> None:
    shown = page(browser, execution)

    for address in ("/admin/scheduler/job/job/revisions/", f"/admin/scheduler/node/{execution.node_id}/change/"):
        assert f'href="{address}"' in shown
    assert 'href="/admin/scheduler/job/job/' in shown[shown.index("execution-name") :].partition("</h1>")[0]


def test_link_to_why_asks_about_the_instant(browser: Client, execution: Execution) -> None:
    shown = page(browser, execution)
    link = shown[shown.index("/why/?at=") - len("/admin/scheduler/job/job") :].partition('"')[0]

    assert browser.get(link).context["explanation"] is not None


@pytest.mark.parametrize("what", ["job", "node", "output", "all"])
def test_page_works_where_something_is_gone(browser: Client, execution: Execution, what: str) -> None:
    for name, model in {"job": Job, "node": Node, "output": ExecutionOutput}.items():
        if what in (name, "all"):
            model._default_manager.all().delete()
    Job.history.all().delete()

    shown = page(browser, execution)

    assert ("the job is gone" in shown) == (what in ("job", "all"))
    assert ("On a node that is not kept any more." in shown) == (what in ("node", "all"))
    assert ("What went wrong" in shown) == (what not in ("output", "all"))


def test_what_has_changed_since_is_told(browser: Client, execution: Execution) -> None:
    change_job("job", {"args": ["Osaka"], "timeout": 77})

    shown = page(browser, execution)

    assert "the job is at 2 now" in shown
    assert "What has changed since" in shown
    assert "Osaka" in shown
    assert "77" in shown


def test_secrets_are_hidden(browser: Client, execution: Execution) -> None:
    Execution.objects.update(kwargs={"password": "hunter2"})

    assert "hunter" not in page(browser, execution)


def test_attempts_link_to_each_other(browser: Client, execution: Execution) -> None:
    retry = Execution.objects.create(
        job_id="job", scheduled_for=execution.scheduled_for, attempt=2, revision=1, created_at=NOW, origin=Origin.RETRY
    )

    assert f'href="{url_of(retry)}"' in page(browser, execution)
    assert f'href="{url_of(execution)}"' in page(browser, retry)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_shape_and_its_word(browser: Client, execution: Execution, status: Status) -> None:
    Execution.objects.update(status=status, started_at=None, finished_at=None)

    assert f'<span class="status status-{status.value} execution-status">{status.label}</span>' in page(
        browser, execution
    )


def test_page_needs_as_many_statements_for_much_as_for_little(
    browser: Client, execution: Execution, django_assert_num_queries: Any
) -> None:
    ExecutionOutput.objects.update(log="line\n" * 10_000)
    Execution.objects.bulk_create(
        Execution(
            job_id="job", scheduled_for=execution.scheduled_for, attempt=number, revision=1, created_at=NOW
        )
        for number in range(2, 200)
    )  # fmt: skip

    # Two of the session; the execution, its job, output, revision, node, attempts, and who asked for it.
    with django_assert_num_queries(9):
        page(browser, execution)


def test_output_is_there_as_a_text(browser: Client, execution: Execution) -> None:
    ExecutionOutput.objects.update(log="\x1b[31m<i>red</i>\x1b[0m\n")

    response = browser.get(url_of(execution, "log"))

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == b"<i>red</i>\n"


def test_nothing_can_be_posted_to_the_page(browser: Client, execution: Execution) -> None:
    assert browser.post(url_of(execution), {"status": "succeeded"}).status_code == 403


@pytest.mark.parametrize("object_id", ["5", "9" * 30, "x", "²", "-1"])
@pytest.mark.parametrize("name", ["change", "live", "log"])
def test_what_is_not_there_is_said_so(browser: Client, db: None, name: str, object_id: str) -> None:
    response = browser.get(f"/admin/scheduler/execution/{object_id}/{name}/")

    assert response.status_code in ((302, 404) if name == "change" else (286, 404))


@pytest.mark.parametrize("name", ["change", "live", "log"])
def test_whoever_may_not_see_executions_sees_none(
    browser_with: Callable[..., Client], execution: Execution, name: str
) -> None:
    assert browser_with("view_job").get(url_of(execution, name)).status_code == 403


def test_whoever_may_only_see_executions_is_offered_nothing_of_the_job(
    browser_with: Callable[..., Client], execution: Execution
) -> None:
    shown = page(browser_with("view_execution"), execution)

    assert "jobs:greet" not in shown
    assert "Tokyo" not in shown
    assert "Run again" not in shown
    assert "/admin/scheduler/job/" not in shown
