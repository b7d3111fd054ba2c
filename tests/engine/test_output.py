"""What bodies print and log: each execution's own, in bounded memory."""

import io
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.current import enter_execution, leave_execution
from scheduler.engine.bodies import Body
from scheduler.engine.outcomes import storable
from scheduler.engine.output import BoundedText, CaptureHandler, install_capture
from scheduler.models import Execution
from tests.engine.runs import run_of

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# Text as bodies print it: anything at all, null bytes and lone surrogates included.
TEXTS = st.lists(st.text(st.characters(exclude_categories=()), max_size=30), max_size=30)


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TextIO]]:
    """Capture what this process prints, as a node does; answers the stream that it is passed on to."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    root.handlers = [handler for handler in handlers if not isinstance(handler, CaptureHandler)]

    # Called by the test itself, because pytest puts its own streams back after the fixtures.
    def start(original: TextIO | None = None) -> TextIO:
        original = original or io.StringIO()
        monkeypatch.setattr(sys, "stdout", original)
        monkeypatch.setattr(sys, "stderr", original)
        install_capture()
        return original

    yield start
    root.handlers = handlers


def body(number: int = 1) -> Body:
    row = Execution(pk=number, job_id="job", scheduled_for=NOW, revision=1)
    return Body(run_of(row), now=0)


def log_of(print_something: Callable[[], object], number: int = 1) -> str:
    """Return what is kept of what a body prints."""
    mine = body(number)
    token = enter_execution(mine)
    try:
        print_something()
    finally:
        leave_execution(token)
    return mine.log.take_text()


@given(texts=TEXTS, length=st.integers(0, 100))
def test_long_text_keeps_its_head_and_its_tail_and_counts_the_rest(texts: list[str], length: int) -> None:
    bounded, whole = BoundedText(length), "".join(texts)
    for text in texts:
        bounded.write(text)

    kept = bounded.take_text()

    if len(whole) <= length:
        assert kept == whole
    else:
        head, tail = whole[: length // 2], whole[len(whole) - (length - length // 2) :]
        assert kept == f"{head}\n… {len(whole) - length} characters left out …\n{tail}"


@given(texts=TEXTS)
def test_how_a_text_was_cut_into_writes_is_of_no_account(texts: list[str]) -> None:
    pieces, whole = BoundedText(40), BoundedText(40)
    for text in texts:
        pieces.write(text)
    whole.write("".join(texts))

    assert pieces.take_text() == whole.take_text()


def test_memory_stays_bounded_however_much_is_written() -> None:
    text = BoundedText(1_000)

    for _ in range(10_000):
        text.write("")
        text.write("x")

    assert len(text._head) + len(text._tail) <= 1_000


def test_text_that_is_written_while_it_is_read_is_neither_lost_nor_doubled() -> None:
    text = BoundedText(10_000_000)

    def work() -> None:
        for _ in range(5_000):
            text.write("x")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        text.take_text()

    assert len(text.take_text()) == 20_000


def test_news_is_told_once() -> None:
    text = BoundedText(100)
    text.write("x")

    assert text.is_changed
    text.take_text()
    assert not text.is_changed


def test_stdout_stderr_and_logging_are_kept_and_passed_on(capture: Callable[..., io.StringIO]) -> None:
    passed_on = capture()

    def talk() -> None:
        print("on stdout")
        print("on stderr", file=sys.stderr)
        sys.stdout.writelines(["two ", "pieces\n"])
        logging.getLogger("some.library").warning("logged %s", "here")

    log = log_of(talk)

    assert log.startswith("on stdout\non stderr\ntwo pieces\n")
    assert log.endswith("WARNING some.library: logged here\n")
    assert passed_on.getvalue() == "on stdout\non stderr\ntwo pieces\n"


def test_what_is_printed_outside_of_bodies_is_passed_on_and_kept_by_nobody(
    capture: Callable[..., io.StringIO],
) -> None:
    passed_on = capture()

    print("the node itself")

    assert passed_on.getvalue() == "the node itself\n"
    assert log_of(lambda: None) == ""


def test_two_bodies_at_once_never_mix(capture: Callable[..., TextIO]) -> None:
    capture()
    logs: dict[int, str] = {}
    together = threading.Barrier(4)

    def work(number: int) -> None:
        def chatter() -> None:
            together.wait()
            for _ in range(300):
                print(f"said by {number}")
                logging.getLogger("sample").warning("logged by %d", number)

        logs[number] = log_of(chatter, number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number, log in logs.items():
        said, logged = log.splitlines()[::2], log.splitlines()[1::2]
        assert said == [f"said by {number}"] * 300
        assert len(logged) == 300
        assert all(line.endswith(f"logged by {number}") for line in logged)


@pytest.mark.parametrize("text", ["null \0 byte", "😀 康乃馨", "lone \ud800 surrogate", "x" * 1_000_000])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_any_text_can_be_printed_whatever_the_nodes_own_stream_can_encode(
    capture: Callable[..., TextIO], text: str, encoding: str
) -> None:
    capture(io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    log = log_of(lambda: print(text, end=""))

    assert log[:10] == text[:10]
    assert storable(log).encode()


def test_body_does_not_fail_because_nobody_reads_what_its_node_prints(capture: Callable[..., TextIO]) -> None:
    closed = io.StringIO()
    closed.close()
    capture(closed)

    assert log_of(lambda: print("kept")) == "kept\n"


def test_writing_what_is_no_text_is_the_bodys_own_error_and_spoils_no_log(capture: Callable[..., TextIO]) -> None:
    capture()

    def blunder() -> None:
        print("before")
        with pytest.raises(TypeError):
            sys.stdout.write(b"bytes")  # type: ignore[arg-type]
        print("after")

    assert log_of(blunder) == "before\nafter\n"


def test_log_call_with_wrong_arguments_does_not_end_the_body(
    capture: Callable[..., TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    capture()
    # pytest's own handlers make an error of it; what counts here is ours.
    logging.getLogger().handlers = [each for each in logging.getLogger().handlers if isinstance(each, CaptureHandler)]
    monkeypatch.setattr(logging, "raiseExceptions", False)

    def blunder() -> None:
        logging.getLogger("sample").warning("%d bottles", "many")
        print("went on")

    assert log_of(blunder) == "went on\n"


def test_capture_that_is_installed_again_keeps_nothing_twice(capture: Callable[..., TextIO]) -> None:
    capture()
    capture()

    assert log_of(lambda: logging.getLogger("sample").warning("once")).count("once") == 1


class Farewell(str):
    """A text that prints while it is being written, as an object's __del__ may at any moment."""

    __slots__ = ()

    def __getitem__(self, key: object) -> str:
        print("inner ", end="")
        return "outer"


def test_object_that_prints_while_another_text_is_written_blocks_nobody(capture: Callable[..., TextIO]) -> None:
    capture()
    logs: list[str] = []
    thread = threading.Thread(target=lambda: logs.append(log_of(lambda: sys.stdout.write(Farewell("x")))), daemon=True)

    thread.start()
    thread.join(10)

    assert logs
    assert "inner" in logs[0]
