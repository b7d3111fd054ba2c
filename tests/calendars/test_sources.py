"""Public holidays and make-up days, as the libraries know them."""

from datetime import date

import pytest

from scheduler.calendars import WEEKEND, Source, countries, has_makeup_days, make_calendar, subdivisions_of
from scheduler.triggers import Calendar

pytestmark = pytest.mark.pure

CHINA = Source(country="CN", makeup_days=True)


def of(source: Source) -> Calendar:
    return make_calendar("calendar", weekend=WEEKEND, source=source, own_days={})


def test_china_works_on_the_weekends_of_2026_that_make_up_for_its_holidays() -> None:
    china = of(CHINA)

    assert china.is_working(date(2026, 9, 20))
    assert china.is_working(date(2026, 10, 10))
    assert not china.is_working(date(2026, 9, 25))
    assert not any(china.is_working(date(2026, 10, day)) for day in range(1, 8))


def test_china_without_make_up_days_rests_on_those_weekends() -> None:
    assert not of(Source(country="CN")).is_working(date(2026, 10, 10))


def test_make_up_days_are_known_until_the_end_of_the_last_year_that_was_decreed() -> None:
    known_until = CHINA.known_until

    assert (known_until.month, known_until.day) == (12, 31)
    assert known_until.year >= 2026
    assert any(CHINA.days_of(known_until.year))
    assert not any(CHINA.days_of(known_until.year + 1))


def test_rules_reach_as_far_as_the_package_says() -> None:
    germany = Source(country="DE")

    assert germany.known_until > date(2090, 1, 1)
    assert any(germany.days_of(germany.known_until.year))
    assert not any(germany.days_of(germany.known_until.year + 1))


def test_parts_of_a_country_have_holidays_of_their_own() -> None:
    epiphany = date(2027, 1, 6)

    assert of(Source(country="DE")).is_working(epiphany)
    assert not of(Source(country="DE", subdivision="BY")).is_working(epiphany)


def test_day_in_lieu_of_next_years_holiday_is_off_this_year() -> None:
    """New Year of 2028 is a Saturday; New York rests on the Friday before."""
    assert not of(Source(country="US")).is_working(date(2027, 12, 31))


def test_holidays_have_english_names_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")

    assert of(Source(country="DE")).special_days[date(2029, 10, 3)].name == "German Unity Day"


@pytest.mark.parametrize(
    ("source", "known"),
    [
        (CHINA, True),
        (Source(country="DE", subdivision="BY"), True),
        (Source(country="DE", subdivision="ZZ"), False),
        (Source(country="XX"), False),
        (Source(country="DE", makeup_days=True), False),
    ],
)
def test_unknown_sources_are_told_apart(source: Source, known: bool) -> None:
    assert source.is_known is known


@pytest.mark.parametrize("country", countries())
def test_every_country_that_is_offered_can_be_read(country: str) -> None:
    source = Source(country=country)

    assert source.is_known
    assert all(isinstance(each.name, str) for each in source.days_of(source.years[-1]).values())
    assert isinstance(subdivisions_of(country), tuple)


def test_only_china_has_make_up_days() -> None:
    assert [country for country in countries() if has_makeup_days(country)] == ["CN"]


def test_days_of_a_year_lie_in_it() -> None:
    for source in (CHINA, Source(country="US"), Source(country="GB", subdivision="SCT")):
        for year in range(2020, 2030):
            assert all(day.year == year for day in source.days_of(year))
