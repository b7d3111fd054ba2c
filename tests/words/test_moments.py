"""Instants on pages: the viewer's clock first, the job's beside it where it shows another time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from scheduler.words.moments import show_moment, tell_moment

pytestmark = pytest.mark.pure

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHANGHAI, TOKYO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Tokyo")


def test_viewers_clock_is_shown() -> None:
    with timezone.override(SHANGHAI):
        assert show_moment(NOON) == (
            '<time class="moment" datetime="2026-11-25T12:00:00+00:00">2026-11-25 20:00:00 CST</time>'
        )


def test_jobs_clock_is_beside_it() -> None:
    with timezone.override(SHANGHAI):
        assert show_moment(NOON, TOKYO).endswith('<span class="moment-there">21:00:00 Asia/Tokyo</span></span>')


def test_jobs_clock_has_its_date_where_that_is_another() -> None:
    with timezone.override(SHANGHAI):
        shown = show_moment(datetime(2026, 11, 25, 15, 30, tzinfo=UTC), TOKYO)

    assert "2026-11-25 23:30:00 CST" in shown
    assert "2026-11-26 00:30:00 Asia/Tokyo" in shown


def test_clock_that_shows_the_same_is_not_repeated() -> None:
    with timezone.override(SHANGHAI):
        assert "moment-there" not in show_moment(NOON, ZoneInfo("Asia/Taipei"))


@pytest.mark.parametrize(("language", "day"), [("en", "Wed"), ("zh-hans", "周三")])
def test_weekday_is_said_in_the_viewers_language(language: str, day: str) -> None:
    with translation.override(language):
        assert f">{day} 2026-11-25 12:00:00 UTC</time>" in show_moment(NOON, TOKYO, weekday=True)


def test_text_says_the_same() -> None:
    with timezone.override(SHANGHAI):
        assert tell_moment(NOON) == "2026-11-25 20:00:00 CST"
        assert tell_moment(NOON, TOKYO) == "2026-11-25 20:00:00 CST (21:00:00 Asia/Tokyo)"
        assert tell_moment(NOON, ZoneInfo("Asia/Taipei")) == "2026-11-25 20:00:00 CST"


def test_nothing_is_shown_for_no_instant() -> None:
    assert show_moment(None, TOKYO) == tell_moment(None, TOKYO) == ""
