"""The pages of calendars: list, form with own days and files, and what is ahead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from scheduler.models import CalendarDay, SchedulerState, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job

pytestmark = pytest.mark.django_db

LIST = "/admin/scheduler/workcalendar/"
ADD = f"{LIST}add/"
FORM: dict[str, Any] = {"name": "ours", "weekend": ["sat", "sun"], "country": "CN", "makeup_days": "on"}


def page_of(name: str = "ours") -> str:
    return f"{LIST}{name}/change/"


def inline(*rows: dict[str, Any], initial: int = 0, calendar: str = "ours") -> dict[str, Any]:
    """Return the fields of the own days: rows that are there first."""
    fields: dict[str, Any] = {"days-TOTAL_FORMS": len(rows), "days-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        fields |= {f"days-{number}-{name}": value for name, value in {"calendar": calendar, **row}.items()}
    return fields


def days() -> dict[date, tuple[bool, str]]:
    return {each.day: (each.is_working, each.name) for each in CalendarDay.objects.all()}


def test_calendar_is_added_with_its_days(browser: Client) -> None:
    answer = browser.post(ADD, {**FORM, **inline({"day": "2026-10-08", "name": "outing"}, calendar="")})

    assert answer.status_code == 302
    calendar = WorkCalendar.objects.get()
    assert (calendar.name, calendar.country, calendar.makeup_days) == ("ours", "CN", True)
    assert days() == {date(2026, 10, 8): (False, "outing")}


def test_make_up_days_are_only_switched_on_where_they_are_known(browser: Client) -> None:
    browser.post(ADD, {**FORM, "country": "DE", **inline()})

    assert WorkCalendar.objects.get().makeup_days is False


def test_own_days_are_changed_moved_and_taken_away(browser: Client) -> None:
    create_calendar({"name": "ours", "days": [{"day": f"2026-06-0{day}", "working": False} for day in (2, 3, 4, 5)]})
    first, second, third, _fourth = CalendarDay.objects.all()

    answer = browser.post(
        page_of(),
        {
            **FORM,
            **inline(
                {"id": first.pk, "day": "2026-06-02", "is_working": "on", "name": "worked"},
                {"id": second.pk, "day": "2026-06-13"},
                {"id": third.pk, "day": "2026-06-04", "DELETE": "on"},
                {"day": "2026-06-20", "is_working": "on"},
                initial=3,
            ),
        },
    )

    assert answer.status_code == 302
    assert days() == {
        date(2026, 6, 2): (True, "worked"),
        date(2026, 6, 5): (False, ""),
        date(2026, 6, 13): (False, ""),
        date(2026, 6, 20): (True, ""),
    }
    assert SchedulerState.objects.get().rules_revision > 1


def test_days_are_read_from_a_file(browser: Client) -> None:
    create_calendar({"name": "ours", "days": [{"day": "2026-06-02", "working": False}]})
    file = SimpleUploadedFile("days.csv", b"day,working,name\n2026-10-08,no,outing\n")

    answer = browser.post(page_of(), {**FORM, **inline(), "file": file}, follow=True)

    assert "1 days read from the file." in [str(each) for each in answer.context["messages"]]
    assert days() == {date(2026, 6, 2): (False, ""), date(2026, 10, 8): (False, "outing")}


def test_mistake_in_a_file_stands_at_its_field_and_nothing_is_written(browser: Client) -> None:
    file = SimpleUploadedFile("days.csv", b"day,working,name\nnever,no,outing\n")

    answer = browser.post(ADD, {**FORM, **inline({"day": "2026-10-08"}, calendar=""), "file": file})

    assert "Line 2" in str(answer.context["adminform"].form.errors["file"])
    assert not WorkCalendar.objects.exists()


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"name": "a/b"}, "name"),
        ({"name": ""}, "name"),
        ({"country": "DE", "subdivision": "ZZ"}, "subdivision"),
        ({"weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "weekend"),
        ({"name": "taken"}, "name"),
    ],
)
def test_mistake_stands_at_its_field(browser: Client, sent: dict[str, Any], wrong: str) -> None:
    create_calendar({"name": "taken"})

    answer = browser.post(ADD, {**FORM, **sent, **inline()})

    assert list(answer.context["adminform"].form.errors) == [wrong]
    assert WorkCalendar.objects.count() == 1


def test_name_of_a_calendar_stays(browser: Client) -> None:
    create_calendar({"name": "ours"})

    browser.post(page_of(), {**FORM, "name": "theirs", **inline()})

    assert WorkCalendar.objects.get().name == "ours"
    assert WorkCalendar.objects.get().country == "CN"


def test_page_shows_what_is_ahead(browser: Client) -> None:
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    create_calendar({"name": "ours", "days": [{"day": monday.isoformat(), "working": False, "name": "Sports day"}]})

    page = browser.get(page_of()).content.decode()

    assert f"{monday} day off: Sports day" in page


def test_list_shows_the_end_of_what_is_known_in_a_constant_number_of_statements(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    create_calendar({"name": "a", "days": [{"day": "2020-01-02", "working": False}]})
    browser.get(LIST)
    create_calendar({"name": "b", "days": [{"day": "2021-03-04", "working": False}]})
    create_calendar({"name": "c", "country": "CN"})

    # Session, user, two counts, the calendars, their days.
    with django_assert_max_num_queries(6):
        page = browser.get(LIST).content.decode()

    assert "2020-01-02" in page
    assert "2021-03-04" in page
    assert "Saturday, Sunday" in page


def test_calendar_is_deleted(browser: Client) -> None:
    create_calendar({"name": "ours", "days": [{"day": "2020-01-02", "working": False}]})

    browser.post(f"{LIST}ours/delete/", {"post": "yes"})

    assert not WorkCalendar.objects.exists()
    assert not CalendarDay.objects.exists()


def test_calendar_in_use_is_kept_and_the_page_says_why(browser: Client) -> None:
    create_calendar({"name": "ours"})
    create_job({"id": "report", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "ours"})

    answer = browser.post(f"{LIST}ours/delete/", {"post": "yes"}, follow=True)

    assert "report" in str(next(iter(answer.context["messages"])))
    assert WorkCalendar.objects.exists()


def test_several_cannot_be_deleted_at_once(browser: Client) -> None:
    create_calendar({"name": "ours"})

    browser.post(LIST, {"action": "delete_selected", "_selected_action": ["ours"], "post": "yes"})

    assert WorkCalendar.objects.exists()


def test_who_may_look_sees_all_and_changes_nothing(browser_with: Callable[..., Client]) -> None:
    create_calendar({"name": "ours", "description": "Munich", "days": [{"day": "2026-06-02", "working": False}]})
    browser = browser_with("view_workcalendar")

    page = browser.get(page_of()).content.decode()

    assert "Munich" in page
    assert "2026" in page
    assert 'type="file"' not in page
    assert browser.post(page_of(), {**FORM, **inline()}).status_code == 403


def test_who_may_change_calendars_may_change_their_days(browser_with: Callable[..., Client]) -> None:
    create_calendar({"name": "ours"})

    browser_with("change_workcalendar").post(page_of(), {**FORM, **inline({"day": "2026-06-02"})})

    assert days() == {date(2026, 6, 2): (False, "")}


def test_without_permission_there_is_no_page(browser_with: Callable[..., Client]) -> None:
    create_calendar({"name": "ours"})

    assert browser_with("view_job").get(page_of()).status_code == 403


def test_calendar_of_an_unknown_country_is_shown_all_the_same(browser: Client) -> None:
    create_calendar({"name": "ours"})
    WorkCalendar.objects.update(country="XX")

    assert "unknown" in browser.get(page_of()).content.decode()
    assert browser.get(LIST).status_code == 200


def test_countries_and_holidays_have_chinese_names_for_chinese_readers(browser: Client) -> None:
    create_calendar({"name": "ours", "country": "CN", "makeup_days": True})

    with override("en"), time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC)):
        shown = browser.get(page_of(), headers={"accept-language": "zh-CN"}).content.decode()

    assert "德国（DE）" in shown
    assert "春节" in shown
    assert "Spring Festival" not in shown
