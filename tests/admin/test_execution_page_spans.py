"""How long something took is said as exactly as somebody wants to know."""

from datetime import timedelta

import pytest
from django.utils import translation

from scheduler.admin.execution_page.spans import say_span

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (0.0004, "less than 1 ms"),
        (0.0123, "0.012 s"),
        (0.349, "0.35 s"),
        (12.34, "12.3 s"),
        (59.94, "59.9 s"),
        (59.96, "1 minute"),
        (125, "2 minutes 5 seconds"),
        (3_725, "1 hour 2 minutes"),
        (200_000, "2 days 7 hours"),
    ],
)
def test_span_is_said_in_its_two_greatest_units(seconds: float, said: str) -> None:
    with translation.override("en"):
        assert say_span(timedelta(seconds=seconds)) == said
