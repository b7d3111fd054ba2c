"""In which zone somebody looks at pages."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from scheduler.viewers import in_the_viewers_zone

pytestmark = pytest.mark.pure


def zone_with(cookies: dict[str, str]) -> str:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    answer = in_the_viewers_zone(lambda _request: HttpResponse(timezone.get_current_timezone_name()))(request)
    assert timezone.get_current_timezone_name() == "UTC"
    return answer.content.decode()


@pytest.mark.parametrize(
    ("cookies", "zone"),
    [
        ({}, "UTC"),
        ({"browser_zone": "Asia/Shanghai"}, "Asia/Shanghai"),
        ({"browser_zone": "Asia/Shanghai", "zone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"browser_zone": "Asia/Shanghai", "zone": ""}, "Asia/Shanghai"),
        ({"browser_zone": "Asia/Shanghai", "zone": "Mars/Base"}, "Asia/Shanghai"),
        ({"browser_zone": "../../etc/passwd"}, "UTC"),
        ({"zone": "x" * 4000}, "UTC"),
        ({"zone": "\0"}, "UTC"),
    ],
)
def test_chosen_zone_goes_before_the_browsers_and_nonsense_counts_as_none(cookies: dict[str, str], zone: str) -> None:
    assert zone_with(cookies) == zone
