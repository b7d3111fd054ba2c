"""The sample tasks of the original Carnation. Write your own beside them: the job form shows them after a restart."""

import requests
from django.conf import settings

from scheduler.registry import task


@task
def job1(var_one: object, var_two: object) -> None:
    """Print the two arguments."""
    print(var_one, var_two)


@task
def job2() -> int:
    """Send an HTTP POST to JOB2_URL; answers the status code, and fails unless it is a 2xx."""
    response = requests.post(settings.JOB2_URL, json={"hello": "carnation"}, timeout=10)
    response.raise_for_status()
    print(f"POST {settings.JOB2_URL}: {response.status_code}")
    return response.status_code
