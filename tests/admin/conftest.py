"""Clients that are logged in to the admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture
def browser(client: Client, administrator: User) -> Client:
    """A browser in which the administrator is logged in."""
    client.force_login(administrator)
    return client


@pytest.fixture
def browser_with(db: None, client: Client) -> Callable[..., Client]:
    """Make a browser of somebody of the staff who has only these permissions."""

    def log_in(*codenames: str) -> Client:
        user = User.objects.create_user("staff", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return log_in
