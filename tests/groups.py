"""The groups that a migration makes, also where a test has emptied the database since."""

from importlib import import_module

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User

GROUPS = ("viewers", "operators", "editors", "administrators")
NOBODY = "nobody"
_migration = import_module("scheduler.migrations.0003_groups")


def make_groups() -> None:
    """Make the groups that are not there, just as the migration does."""
    _migration.create_groups(apps, None)


def member_of(role: str) -> User:
    """Return somebody of the staff who is in one of the groups, or in none."""
    user = User.objects.create_user(role, is_staff=True)
    if role != NOBODY:
        user.groups.add(_group(role))
    return user


def _group(name: str) -> Group:
    """Return a group; one that is gone is made from all permissions at once, as one after the other takes long."""
    group, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        rows = Permission.objects.values_list("pk", "content_type__app_label", "codename")
        called = {f"{app_label}.{codename}": pk for pk, app_label, codename in rows}
        group.permissions.set([called[each] for each in _migration.GROUPS[name]])
    return group
