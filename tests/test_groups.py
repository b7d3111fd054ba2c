"""The groups: what their members may do, and that nobody's changes of them are undone."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import Group, Permission

from tests.groups import GROUPS, NOBODY, make_groups, member_of

pytestmark = pytest.mark.django_db


def may(role: str) -> set[str]:
    """Return what a member of a group may do."""
    make_groups()
    return {name for name in member_of(role).get_all_permissions() if name.startswith(("scheduler.", "auth."))}


def test_each_group_may_do_what_the_one_before_may_and_more() -> None:
    allowed = [may(role) for role in (NOBODY, *GROUPS)]

    assert allowed[0] == set()
    assert all(less < more for less, more in pairwise(allowed))


def test_viewers_may_only_look() -> None:
    assert {name.partition("_")[0] for name in may("viewers")} == {"scheduler.view"}


def test_operators_may_run_and_pause() -> None:
    assert may("operators") - may("viewers") == {"scheduler.operate_job", "scheduler.change_schedulerstate"}


def test_editors_may_see_who_did_what() -> None:
    assert "scheduler.view_auditentry" in may("editors")


def test_only_administrators_may_touch_users_and_tokens() -> None:
    added = may("administrators") - may("editors")

    assert {name.rpartition("_")[2] for name in added} == {"user", "group", "apitoken"}


def test_permissions_are_those_that_django_makes() -> None:
    make_groups()

    codenames = list(Permission.objects.values_list("content_type__app_label", "content_type__model", "codename"))
    assert len(codenames) == len(set(codenames))
    assert Permission.objects.get(codename="operate_job").content_type.model == "job"


def test_groups_that_somebody_changed_stay_as_they_are() -> None:
    make_groups()
    viewers = Group.objects.get(name="viewers")
    viewers.permissions.clear()

    make_groups()

    assert not viewers.permissions.exists()
