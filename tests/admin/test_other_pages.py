"""Nodes, tokens, users, and the pages that are gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from scheduler.models import ApiToken, Node, digest_of
from scheduler.services.nodes import register_node

pytestmark = pytest.mark.django_db


def test_nodes_show_who_is_alive_silent_and_stopped(browser: Client) -> None:
    now = timezone.now()
    register_node(name="alive", pid=1, threads=1, now=now)
    silent = register_node(name="silent", pid=1, threads=1, now=now)
    Node.objects.filter(pk=silent.pk).update(heartbeat_at=now - timedelta(minutes=5))
    stopped = register_node(name="stopped", pid=1, threads=1, now=now)
    Node.objects.filter(pk=stopped.pk).update(stopped_at=now)

    page = browser.get("/admin/scheduler/node/").content.decode()

    for state in ("alive", "silent", "stopped"):
        assert page.count(state) >= 2


def test_node_has_a_page_and_no_form(browser: Client) -> None:
    node = register_node(name="tokyo-1", pid=1, threads=1, now=datetime(2026, 11, 22, tzinfo=UTC))

    assert browser.get(f"/admin/scheduler/node/{node.pk}/change/").status_code == 200
    assert browser.get("/admin/scheduler/node/add/").status_code == 403


def test_token_is_shown_once_and_stored_as_a_digest(browser: Client, administrator: User) -> None:
    response = browser.post("/admin/scheduler/apitoken/add/", {"name": "deploy", "user": administrator.pk}, follow=True)

    (message,) = [str(each) for each in response.context["messages"] if "shown this once" in str(each)]
    token = message.rpartition(" ")[2]
    assert ApiToken.objects.get().digest == digest_of(token)
    assert token not in browser.get("/admin/scheduler/apitoken/").content.decode()


def test_nodes_show_how_many_bodies_are_stuck(browser: Client) -> None:
    node = register_node(name="tokyo-1", pid=1, threads=1, now=timezone.now())
    Node.objects.update(stuck=4711)

    for page in ("", f"{node.pk}/change/"):
        assert b"4711" in browser.get(f"/admin/scheduler/node/{page}").content


@pytest.mark.parametrize("model", ["djangojob", "djangojobexecution"])
def test_pages_of_django_apscheduler_are_gone(browser: Client, model: str) -> None:
    assert browser.get(f"/admin/django_apscheduler/{model}/").status_code == 404


@pytest.mark.parametrize("page", ["", "auth/user/", "auth/group/", "auth/user/add/", "scheduler/apitoken/"])
def test_other_pages_open(browser: Client, page: str) -> None:
    assert browser.get(f"/admin/{page}").status_code == 200


def test_only_administrators_make_tokens_for_others(browser_with: Callable[..., Client], administrator: User) -> None:
    browser = browser_with("add_apitoken", "view_apitoken")
    staff = User.objects.get(username="staff")

    browser.post("/admin/scheduler/apitoken/add/", {"name": "theft", "user": administrator.pk})
    browser.post("/admin/scheduler/apitoken/add/", {"name": "own", "user": staff.pk})

    assert [(token.name, token.user) for token in ApiToken.objects.all()] == [("own", staff)]
