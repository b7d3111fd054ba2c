"""What Python prints of a failure is read back; and what is no traceback is not lost."""

import traceback
from collections.abc import Callable

import pytest

from scheduler.tracebacks import Failure, Link, parse

pytestmark = pytest.mark.pure


def printed(raiser: Callable[[], object]) -> str:
    """Return what Python prints of what this raises."""
    try:
        raiser()
    except BaseException as error:
        return "".join(traceback.format_exception(error))
    raise AssertionError("it raised nothing")


def break_down(message: str = "it broke") -> None:
    raise RuntimeError(message)


def descend(depth: int) -> None:
    if depth:
        descend(depth - 1)
    raise ValueError(depth)


def chain_by_cause() -> None:
    try:
        break_down()
    except RuntimeError as error:
        raise KeyError("no paper") from error


def chain_by_context() -> None:
    try:
        break_down()
    finally:
        raise KeyError("no paper")


def raise_group() -> None:
    inner = ExceptionGroup("inner", [TypeError("first\nsecond line")])
    raise ExceptionGroup("outer", [ValueError("one"), inner])


def titles(failures: tuple[Failure, ...]) -> list[tuple[int, str, str]]:
    return [(failure.level, failure.label, failure.title) for failure in failures]


def test_frames_and_title_are_read() -> None:
    (failure,) = parse(printed(break_down))

    assert failure.title == "RuntimeError: it broke"
    assert [frame.function for frame in failure.frames] == ["printed", "break_down"]
    innermost = failure.frames[-1]
    assert (innermost.path, innermost.source[0]) == (__file__, "raise RuntimeError(message)")
    assert innermost.line > 0


def test_marks_stay_below_what_they_mark() -> None:
    text = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    return g(1)\n           ^^^^\nE: x\n'

    (failure,) = parse(text)

    assert failure.frames[0].source == ("return g(1)", "       ^^^^")


def test_rest_of_a_message_and_notes_are_details() -> None:
    def with_note() -> None:
        error = RuntimeError("first\n\n  second")
        error.add_note("and a note")
        raise error

    (failure,) = parse(printed(with_note))

    assert failure.title == "RuntimeError: first"
    assert failure.details == "\n  second\nand a note"


@pytest.mark.parametrize(("raiser", "link"), [(chain_by_cause, Link.CAUSE), (chain_by_context, Link.CONTEXT)])
def test_chain_is_read_with_how_one_came_of_the_other(raiser: Callable[[], object], link: Link) -> None:
    first, second = parse(printed(raiser))

    assert (first.title, first.link) == ("RuntimeError: it broke", Link.NONE)
    assert (second.title, second.link) == ("KeyError: 'no paper'", link)


def test_group_is_read_with_levels_and_numbers() -> None:
    failures = parse(printed(raise_group))

    assert titles(failures) == [
        (0, "", "ExceptionGroup: outer (2 sub-exceptions)"),
        (1, "1", "ValueError: one"),
        (1, "2", "ExceptionGroup: inner (1 sub-exception)"),
        (2, "1", "TypeError: first"),
    ]
    assert failures[-1].details == "second line"
    assert failures[0].frames[-1].function == "raise_group"


def test_group_that_was_caused_by_something_comes_after_it() -> None:
    def raise_chained_group() -> None:
        try:
            break_down()
        except RuntimeError as error:
            raise ExceptionGroup("outer", [ValueError("one")]) from error

    first, group, part = parse(printed(raise_chained_group))

    assert (first.title, group.link, part.level) == ("RuntimeError: it broke", Link.CAUSE, 1)


def test_what_comes_after_a_group_is_outside_of_it() -> None:
    def fail_after_group() -> None:
        try:
            raise_group()
        finally:
            break_down()

    *_group, last = parse(printed(fail_after_group))

    assert (last.level, last.label, last.title, last.link) == (0, "", "RuntimeError: it broke", Link.CONTEXT)


def test_syntax_error_has_its_place_as_its_last_frame() -> None:
    (failure,) = parse(printed(lambda: compile("x = = 1", "recipe.py", "exec")))

    assert failure.title == "SyntaxError: invalid syntax"
    assert (failure.frames[-1].path, failure.frames[-1].function) == ("recipe.py", "")
    assert failure.frames[-1].source[0] == "x = = 1"


def test_repeated_lines_are_told_below_their_frame() -> None:
    (failure,) = parse(printed(lambda: descend(50)))

    said = [line for frame in failure.frames for line in frame.source if "repeated" in line]
    assert said == ["[Previous line repeated 47 more times]"]
    assert failure.title == "ValueError: 0"


def test_stack_without_an_exception_is_frames_alone() -> None:
    (failure,) = parse("".join(traceback.format_list(traceback.extract_stack(limit=3))))

    assert failure.title == ""
    assert failure.frames[-1].function == "test_stack_without_an_exception_is_frames_alone"


@pytest.mark.parametrize("text", ["", "\n", "   \n\n"])
def test_nothing_is_no_failure(text: str) -> None:
    assert parse(text) == ()


def test_text_that_is_no_traceback_is_a_message() -> None:
    (failure,) = parse("It was killed.\nNobody knows why.")

    assert (failure.title, failure.details, failure.frames) == ("It was killed.", "Nobody knows why.", ())


def test_message_that_looks_like_a_margin_is_left_as_it_is() -> None:
    (failure,) = parse(printed(lambda: break_down("table:\n  | a | b\n  +-----------+")))

    assert (failure.level, failure.details) == (0, "  | a | b\n  +-----------+")


def test_unicode_line_separators_do_not_break_lines() -> None:
    (failure,) = parse(printed(lambda: break_down("one\x0btwo\u2028three")))

    assert failure.title == "RuntimeError: one\x0btwo\u2028three"


def cut(text: str, start: int, end: int) -> str:
    """Leave the middle out, as what is stored of a long text does."""
    return f"{text[:start]}\n… {end - start} characters left out …\n{text[end:]}"


def test_both_ends_of_a_traceback_that_was_cut_are_read() -> None:
    text = printed(chain_by_cause)
    middle = text.index("File", text.index("in break_down") + 1) + 5

    first, second = parse(cut(text, text.index("in break_down"), middle))

    assert first.frames[0].function == "chain_by_cause"
    assert second.title == "KeyError: 'no paper'"
    assert second.gap.startswith("… ")
    assert second.frames[-1].function == "chain_by_cause"


@pytest.mark.parametrize("raiser", [chain_by_cause, chain_by_context, raise_group, lambda: descend(5)])
def test_wherever_a_traceback_is_cut_its_end_is_read(raiser: Callable[[], object]) -> None:
    text = printed(raiser)
    whole = parse(text)

    for start in range(0, text.rindex(whole[-1].title) - 50, 7):
        failures = parse(cut(text, start, start + 40))
        assert failures[-1].title == whole[-1].title
        assert failures[-1].details == whole[-1].details


def test_title_in_another_language_marks_the_gap_too() -> None:
    first, second = parse('  File "a.py", line 1, in f\n    g()\n… 略去 12 个字符 …\nhalf a line\nE: x')

    assert first.frames[0].function == "f"
    assert (second.gap, second.title) == ("… 略去 12 个字符 …\nhalf a line", "E: x")
