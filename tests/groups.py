"""The groups that a migration makes, also where a test has emptied the database since."""

from importlib import import_module

from django.apps import apps
from django.contrib.auth.models import Group, User

GROUPS = ("viewers", "operators", "editors", "administrators")
NOBODY = "nobody"


def make_groups() -> None:
    """Make the groups that are not there."""
    import_module("scheduler.migrations.0003_groups").create_groups(apps, None)


def member_of(role: str) -> User:
    """Return somebody of the staff who is in one of the groups, or in none."""
    make_groups()
    user = User.objects.create_user(role, is_staff=True)
    if role != NOBODY:
        user.groups.add(Group.objects.get(name=role))
    return user
