"""Frames are the reader's own or others'; what ended the run is shown first, and then what led to it."""

import pytest

from scheduler.tracebacks import Failure, Frame, Link, Owner, in_reading_order, owner_of

pytestmark = pytest.mark.pure

OWN = Frame(path="/srv/shop/orders/jobs.py", line=3, function="send")
LIBRARY = Frame(path="/srv/shop/.venv/lib/python3.11/site-packages/requests/api.py", line=9, function="get")


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/srv/shop/orders/jobs.py", Owner.PROJECT),
        ("C:\\shop\\orders\\jobs.py", Owner.PROJECT),
        ("/srv/shop/scheduler/jobs.py", Owner.PROJECT),
        ("/srv/shop/lib/prices.py", Owner.PROJECT),
        ("<stdin>", Owner.PROJECT),
        (LIBRARY.path, Owner.LIBRARY),
        ("/usr/lib/python3/dist-packages/requests/api.py", Owner.LIBRARY),
        ("/usr/lib/python3.11/json/decoder.py", Owner.LIBRARY),
        ("C:\\Python311\\Lib\\json\\decoder.py", Owner.LIBRARY),
        ("<frozen importlib._bootstrap>", Owner.LIBRARY),
        ("/srv/carnation/scheduler/engine/runner.py", Owner.CARNATION),
        ("/srv/carnation/scheduler/registry.py", Owner.CARNATION),
    ],
)
def test_owner_is_known_by_the_path(path: str, owner: Owner) -> None:
    assert owner_of(path) is owner


def test_frames_fall_into_stretches() -> None:
    failure = Failure(frames=(LIBRARY, LIBRARY, OWN, LIBRARY))

    assert [(stretch.is_own, len(stretch.frames)) for stretch in failure.stretches] == [
        (False, 2), (True, 1), (False, 1),
    ]  # fmt: skip


def test_where_no_frame_is_ones_own_the_innermost_is_shown() -> None:
    innermost = Frame(path=LIBRARY.path, line=10)

    assert [stretch.is_own for stretch in Failure(frames=(LIBRARY, innermost)).stretches] == [False, True]
    assert [stretch.is_own for stretch in Failure(frames=(innermost,)).stretches] == [True]
    assert Failure().stretches == []


def titles(failures: list[Failure]) -> list[tuple[str, str]]:
    return [(failure.label, failure.title) for failure in failures]


def test_what_ended_it_comes_first() -> None:
    chain = [Failure(title="cause"), Failure(title="middle", link=Link.CAUSE), Failure(title="end", link=Link.CONTEXT)]

    assert [failure.title for failure in in_reading_order(chain)] == ["end", "middle", "cause"]


def test_what_is_in_a_group_follows_the_group() -> None:
    printed = [
        Failure(title="before"),
        Failure(title="group", link=Link.CAUSE),
        Failure(title="one", level=1, label="1"),
        Failure(title="two", level=1, label="2"),
        Failure(title="in two", level=2, label="1"),
    ]

    assert titles(in_reading_order(printed)) == [
        ("", "group"), ("1", "one"), ("2", "two"), ("1", "in two"), ("", "before"),
    ]  # fmt: skip


def test_chain_within_a_group_is_turned_and_keeps_its_number() -> None:
    printed = [
        Failure(title="group"),
        Failure(title="cause", level=1, label="1"),
        Failure(title="one", level=1, link=Link.CAUSE),
        Failure(title="two", level=1, label="2"),
    ]

    assert titles(in_reading_order(printed)) == [("", "group"), ("1", "one"), ("", "cause"), ("2", "two")]


def test_nothing_stays_nothing() -> None:
    assert in_reading_order([]) == []
