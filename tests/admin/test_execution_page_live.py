"""While a run is active its page asks for what is new; when its state changes, for all else; then it stops asking."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scheduler.models import Execution, ExecutionOutput, Status
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job
from tests.admin.test_execution_page import url_of

APPENDED = re.compile(r'hx-swap-oob="beforeend:#execution-log">(.*?)</div>', re.DOTALL)
REPLACED = re.compile(r'hx-swap-oob="innerHTML:#execution-log">(.*?)</div>', re.DOTALL)
ASKS = re.compile(r'hx-get="([^"]+)" hx-trigger="every (\d+)s')


@pytest.fixture
def running(db: None) -> Execution:
    """A run that has begun and printed a line."""
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "manual"})
    run = run_job("job")
    node = register_node(name="one", pid=1, threads=1, now=timezone.now())
    Execution.objects.update(status=Status.RUNNING, node=node, started_at=timezone.now())
    ExecutionOutput.objects.create(execution=run, log="first\n", progress_done=1, progress_total=4)
    return Execution.objects.get()


def asked_next(shown: str) -> str:
    """Return the address that a page asks next."""
    found = ASKS.search(shown)
    assert found is not None
    return found[1].replace("&amp;", "&")


def open_page(browser: Client, run: Execution) -> str:
    return browser.get(url_of(run)).content.decode()


def ask(browser: Client, shown: str) -> str:
    response = browser.get(asked_next(shown))
    assert response.status_code == 200
    return response.content.decode()


def end_it(log: str = "first\nlast\n") -> None:
    Execution.objects.update(status=Status.FAILED, reason="RuntimeError: it broke", finished_at=timezone.now())
    ExecutionOutput.objects.update(log=log, traceback="RuntimeError: it broke\n")


def test_page_of_what_runs_asks_each_second(browser: Client, running: Execution) -> None:
    found = ASKS.search(open_page(browser, running))

    assert found is not None
    assert (found[1].partition("?")[0], found[2]) == (url_of(running, "live"), "1")


def test_answer_has_only_what_is_new(browser: Client, running: Execution) -> None:
    shown = open_page(browser, running)
    ExecutionOutput.objects.update(log="first\n<b>second</b>\n", progress_done=2)

    answer = ask(browser, shown)

    assert APPENDED.findall(answer) == ["<span>&lt;b&gt;second&lt;/b&gt;\n</span>"]
    assert "first" not in answer
    assert '<progress max="100" value="50"' in answer
    assert "execution-head" not in answer


def test_answer_without_news_leaves_the_output_alone(browser: Client, running: Execution) -> None:
    answer = ask(browser, open_page(browser, running))

    assert "#execution-log" not in answer
    assert asked_next(answer) == asked_next(open_page(browser, running))


def test_output_that_was_replaced_is_shown_anew(browser: Client, running: Execution) -> None:
    shown = open_page(browser, running)
    ExecutionOutput.objects.update(log="something else\n")

    assert REPLACED.findall(ask(browser, shown)) == ["<span>something else\n</span>"]


def test_end_brings_all_else_and_no_more_questions(browser: Client, running: Execution) -> None:
    shown = open_page(browser, running)
    end_it()

    answer = ask(browser, shown)

    assert APPENDED.findall(answer) == ["<span>last\n</span>"]
    for part in ("execution-head", "execution-failure", "execution-result", "execution-facts"):
        assert re.search(rf'id="{part}"[^>]* hx-swap-oob="true"', answer), part
    assert "The run is now failed. RuntimeError: it broke" in " ".join(answer.split())
    assert ASKS.search(answer) is None


def test_page_of_what_has_ended_asks_nothing(browser: Client, running: Execution) -> None:
    end_it()

    shown = open_page(browser, running)

    assert ASKS.search(shown) is None
    assert "execution-follow" not in shown


def test_request_to_stop_is_news_too(browser: Client, running: Execution) -> None:
    shown = open_page(browser, running)
    cancel_execution(running.pk)

    answer = ask(browser, shown)

    assert "It has been told to stop." in answer
    assert url_of(running, "cancel") not in answer
    assert ASKS.search(answer) is not None


def test_what_may_start_much_later_is_asked_for_less_often(browser: Client, running: Execution) -> None:
    Execution.objects.update(
        status=Status.QUEUED, started_at=None, available_at=timezone.now() + timedelta(hours=1), node=None
    )

    found = ASKS.search(open_page(browser, running))

    assert found is not None
    assert found[2] == "10"


def test_execution_that_is_gone_is_asked_for_no_more(browser: Client, running: Execution) -> None:
    address = asked_next(open_page(browser, running))
    Execution.objects.all().delete()

    response = browser.get(address)

    assert response.status_code == 286
    assert "not kept any more" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?state=running", "?state=x&cursor=y", "?cursor=" + "9" * 500])
def test_any_question_is_answered(browser: Client, running: Execution, query: str) -> None:
    assert browser.get(url_of(running, "live") + query).status_code == 200


def test_question_costs_as_much_for_much_as_for_little(
    browser: Client, running: Execution, django_assert_num_queries: Callable[[int], Any]
) -> None:
    address = asked_next(open_page(browser, running))
    ExecutionOutput.objects.update(log="line\n" * 10_000)

    # Two of the session, the execution, and its output.
    with django_assert_num_queries(4):
        browser.get(address)


def test_without_scripts_there_is_a_link_to_reload(browser: Client, running: Execution) -> None:
    shown = open_page(browser, running)

    assert re.search(r"<noscript><p><a [^>]*href=\"\">", shown)
    assert "scheduler/noscript.css" in shown
