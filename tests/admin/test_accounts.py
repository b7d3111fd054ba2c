"""What is done to users, groups and tokens leaves an entry, without a secret."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils.translation import override

from scheduler.models import ApiToken, AuditEntry
from scheduler.services.tokens import create_token

pytestmark = pytest.mark.django_db

USERS = "/admin/auth/user/"
GROUPS = "/admin/auth/group/"
PASSWORD = "Correct horse 7"
FORM = {"username": "bob", "is_active": "on", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}


def entries() -> list[tuple[str, str, str, str, dict[str, Any]]]:
    """Return who did what to which account, oldest first; nothing of it may hold the password."""
    found = AuditEntry.objects.order_by("id")
    assert PASSWORD not in str(list(found.values()))
    return [(each.actor, each.action, each.kind, each.name, each.details) for each in found]


@pytest.fixture
def bob() -> User:
    """A user who may do nothing."""
    return User.objects.create_user("bob", date_joined="2026-01-01T00:00Z")


def test_new_user_is_written_down_without_the_password(browser: Client) -> None:
    sent = {"username": "bob", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    assert browser.post(f"{USERS}add/", sent).status_code == 302
    assert entries() == [("admin", "created", "user", "bob", {"username": [None, "bob"]})]


def test_change_of_groups_is_written_down(browser: Client, bob: User) -> None:
    group = Group.objects.create(name="night shift")

    browser.post(f"{USERS}{bob.pk}/change/", {**FORM, "groups": [group.pk], "is_superuser": "on"})

    details = {"is_superuser": [False, True], "groups": ["[]", '["night shift"]']}
    assert entries() == [("admin", "changed", "user", "bob", details)]


def test_what_changes_nothing_leaves_no_entry(browser: Client, bob: User) -> None:
    assert browser.post(f"{USERS}{bob.pk}/change/", FORM).status_code == 302
    assert entries() == []


def test_another_password_is_written_down_but_not_which(browser: Client, bob: User) -> None:
    sent = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    assert browser.post(f"{USERS}{bob.pk}/password/", sent).status_code == 302
    assert entries() == [("admin", "changed", "user", "bob", {"password": "another one"})]


def test_ones_own_password_is_written_down_but_not_which(browser: Client, administrator: User) -> None:
    administrator.set_password("the old one")
    administrator.save()
    browser.force_login(administrator)
    sent = {"old_password": "the old one", "new_password1": PASSWORD, "new_password2": PASSWORD}

    assert browser.post("/admin/password_change/", {**sent, "old_password": "a guess"}).status_code == 200
    assert entries() == []
    assert browser.post("/admin/password_change/", sent).headers["Location"] == "/admin/password_change/done/"
    assert entries() == [("admin", "changed", "user", "admin", {"password": "another one"})]
    assert AuditEntry.objects.get().address == "127.0.0.1"


def test_password_that_is_refused_leaves_no_entry(browser: Client, bob: User) -> None:
    assert browser.post(f"{USERS}{bob.pk}/password/", {"password1": "a", "password2": "b"}).status_code == 200
    assert entries() == []


def test_deleted_user_is_written_down(browser: Client, bob: User) -> None:
    browser.post(f"{USERS}{bob.pk}/delete/", {"post": "yes"})

    assert entries() == [("admin", "deleted", "user", "bob", {})]


def test_users_deleted_together_are_written_down_each(browser: Client, bob: User) -> None:
    eve = User.objects.create_user("eve")
    chosen = {"action": "delete_selected", "_selected_action": [bob.pk, eve.pk], "post": "yes"}

    browser.post(USERS, chosen)

    assert sorted(name for _actor, _action, _kind, name, _details in entries()) == ["bob", "eve"]


def test_permissions_of_a_group_are_written_down(browser: Client) -> None:
    permission = Permission.objects.get(codename="operate_job")

    browser.post(f"{GROUPS}add/", {"name": "night shift", "permissions": [permission.pk]})

    ((_actor, action, kind, name, details),) = entries()
    assert (action, kind, name) == ("created", "group", "night shift")
    assert "Can run, pause and cancel" in details["permissions"][1]


def test_token_is_written_down_but_not_its_secret(browser: Client, bob: User) -> None:
    browser.post("/admin/scheduler/apitoken/add/", {"name": "deploy", "user": bob.pk})
    row = ApiToken.objects.get()
    browser.post(f"/admin/scheduler/apitoken/{row.pk}/delete/", {"post": "yes"})

    assert entries() == [
        ("admin", "created", "token", "deploy", {"user": "bob"}),
        ("admin", "deleted", "token", "deploy", {"user": "bob"}),
    ]
    assert row.digest not in str(entries())


def test_tokens_deleted_together_are_written_down_each(browser: Client, bob: User) -> None:
    rows = [create_token(user=bob, name=name)[1] for name in ("a", "b")]

    browser.post(
        "/admin/scheduler/apitoken/",
        {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"},
    )

    assert AuditEntry.objects.filter(action="deleted").count() == 2
    assert not ApiToken.objects.exists()


def test_permissions_are_named_in_the_language_of_the_reader(browser: Client) -> None:
    with override("en"):
        shown = browser.get("/admin/auth/group/add/", headers={"accept-language": "zh-CN"}).content.decode()

    assert "调度器 | 任务 | 可以添加" in shown
    assert "调度器 | 任务 | 可以执行、暂停和取消" in shown
    assert "| Can " not in shown
