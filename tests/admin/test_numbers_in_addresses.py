"""What the pages make of numbers in their addresses that no row can have."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scheduler.services.jobs import create_job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["0", "²", str(2**63), "9" * 5000])
@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("admin:scheduler_execution_changelist", "before"),
        ("admin:scheduler_execution_changelist", "after"),
        ("admin:scheduler_execution_changelist", "node"),
        ("admin:scheduler_job_changelist", "node"),
    ],
)
def test_list_is_shown(administrator: User, client: Client, page: str, name: str, number: str) -> None:
    client.force_login(administrator)

    assert client.get(reverse(page), {name: number}).status_code == 200


@pytest.mark.parametrize("number", ["0", "²", str(2**63), "9" * 5000])
def test_revisions_are_shown(administrator: User, client: Client, number: str) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    client.force_login(administrator)

    answer = client.get(reverse("admin:scheduler_job_revisions", args=["job"]), {"before": number})

    assert answer.status_code == 200
