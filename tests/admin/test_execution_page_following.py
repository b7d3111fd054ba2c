"""A reader gets what is new of an output, also of one whose middle was left out; and no colours of a terminal."""

import pytest

from scheduler.admin.execution_page import following
from scheduler.admin.execution_page.following import News, news_of, plain

pytestmark = pytest.mark.pure

LIMIT = 100


def look(log: str, cursor: str = "", *, is_growing: bool = True) -> News:
    return news_of(log, cursor=cursor, limit=LIMIT, is_growing=is_growing)


def kept(printed: str) -> str:
    """Return what a node keeps of what was printed."""
    if len(printed) <= LIMIT:
        return printed
    half = LIMIT // 2
    return f"{printed[:half]}\n… {len(printed) - LIMIT} characters left out …\n{printed[-half:]}"


def text(length: int) -> str:
    """Return a text of which no two parts are alike."""
    return "".join(f"{number:04d}\n" for number in range(length // 5 + 1))[:length]


def test_reader_without_a_cursor_gets_all() -> None:
    news = look("hello\n")

    assert (news.before, news.skipped, news.after, news.is_whole) == ("hello\n", 0, "", True)


def test_reader_gets_only_what_is_new() -> None:
    first = look("hello\n")

    news = look("hello\nworld\n", first.cursor)

    assert (news.before, news.after, news.is_whole) == ("world\n", "", False)


def test_reader_who_has_all_gets_nothing() -> None:
    assert look("hello\n", look("hello\n").cursor).is_empty


def test_gap_is_told() -> None:
    news = look(kept(text(150)))

    assert (news.before, news.skipped, news.after) == (text(150)[:50], 50, text(150)[-50:])


def test_reader_misses_nothing_while_the_middle_is_being_left_out() -> None:
    seen, cursor = "", ""
    for length in range(0, 600, 37):
        news = look(kept(text(length)), cursor)
        assert news.skipped == 0
        seen, cursor = seen + news.before + news.after, news.cursor

    assert seen == text(592)


def test_reader_who_was_away_is_told_how_much_went_by() -> None:
    first = look(kept(text(150)))

    news = look(kept(text(400)), first.cursor)

    assert (news.before, news.skipped, news.after) == ("", 200, text(400)[-50:])


def test_reader_of_the_head_gets_the_rest_of_it_and_the_gap() -> None:
    first = look(text(30))

    news = look(kept(text(400)), first.cursor)

    assert (news.before, news.skipped, news.after) == (text(50)[30:], 300, text(400)[-50:])


@pytest.mark.parametrize("cursor", ["", "x", "-1-5", "5", "99999999-1", "6-1", "9" * 40 + "-1", "٣-٣"])
def test_cursor_of_another_text_gets_all(cursor: str) -> None:
    assert look("hello\n", cursor).is_whole


def test_log_that_was_replaced_is_sent_again() -> None:
    first = look("hello, world\n")

    assert look("other, words\nand more\n", first.cursor).is_whole


def test_what_looks_like_a_gap_in_a_short_log_was_printed_by_the_body() -> None:
    news = look("\n… 5 characters left out …\n")

    assert (news.skipped, news.before) == (0, "\n… 5 characters left out …\n")


def test_gap_in_another_language_is_a_gap() -> None:
    assert look(f"{text(50)}\n… 略去 42 个字符 …\n{text(50)}").skipped == 42


def test_no_more_is_shown_at_once_than_a_page_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_SHOWN", 20)

    news = look(text(90))

    assert (news.before, news.skipped, news.after) == (text(90)[:10], 70, text(90)[-10:])
    assert look(text(95), news.cursor).before == text(95)[90:]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[1;32mgreen\x1b[0m", "green"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b[2K\x1b[1Gagain", "again"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        (" 10 %\r 20 %\r 30 %\n", " 30 %\n"),
        ("\r 40 %", "\n 40 %"),
        ("done\r", "done"),
        ("plain", "plain"),
    ],
)
def test_text_is_shown_as_a_terminal_without_colours_would(raw: str, shown: str) -> None:
    assert plain(raw) == shown


def test_escape_sequence_that_has_only_begun_waits_for_its_end() -> None:
    first = look("a\x1b[3")

    assert (first.before, look("a\x1b[31mb", first.cursor).before) == ("a", "b")
    assert look("a\x1b[3", is_growing=False).cursor != first.cursor


def test_long_line_beside_a_progress_bar_takes_no_longer_than_others() -> None:
    # In time that grows with the square of its length, this would take hours.
    long = "x" * 1_000_000

    assert plain(f"{long}\n10 %\r50 %\r") == f"{long}\n50 %"
    assert news_of(f"\n… {'1' * 300_000}", cursor="", limit=1_000, is_growing=False).is_whole
