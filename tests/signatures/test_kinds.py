"""What JSON fits an annotation, and what the body is given for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, auto
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, Optional, TypedDict, Union
from uuid import UUID

import pytest
from django.db import models
from pytest_django.fixtures import Settings

from scheduler.signatures.annotations import kind_of

pytestmark = pytest.mark.pure


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Size(models.TextChoices):
    SMALL = "s"


class Address(TypedDict):
    street: str


UserId = NewType("UserId", int)
OPEN: Any = Annotated[int, "described"]


@pytest.mark.parametrize(
    ("annotation", "fitting", "unfitting"),
    [
        (str, ["", "text"], [1, True, None, ["a"], {}]),
        (int, [0, -5, 2**70], [True, 1.0, "1", None, []]),
        (float, [0.5, 2, -1], [False, "0.5", None]),
        (bool, [True, False], [0, 1, "true", None]),
        (None, [None], [0, "", False]),
        (list, [[], [1, "a", None]], ["text", {}, 5, None]),
        (list[int], [[], [1, 2]], [["a"], [1, True], 5]),
        (tuple[int, ...], [[1, 2]], [["a"]]),
        (tuple[int, str], [[1, "a"]], ["text"]),
        (set[str], [["a"]], [[1], "a"]),
        (Sequence[str], [["a"]], ["a"]),
        (Iterable, [[1]], ["a"]),
        (dict, [{}, {"a": 1}], [[], "text", None]),
        (dict[str, int], [{"a": 1}], [{"a": "b"}, []]),
        (Mapping[str, list[int]], [{"a": [1]}], [{"a": 1}]),
        (dict[int, int], [{"1": "whatever"}], [[]]),
        (Address, [{"street": "High Street"}], ["High Street"]),
        (Literal["a", 1], ["a", 1], ["b", True, 2, "1", 1.0, None]),
        (Optional[int], [1, None], ["1", True]),  # noqa: UP045 - as older code has it
        (Union[int, str], [1, "a"], [None, 1.5, []]),  # noqa: UP007
        (int | list[int], [1, [1]], ["a", ["a"]]),
        (Colour, ["red", "RED"], ["green", None, 1]),
        (Level, [1, 2, "LOW"], [3, True, "low", 1.0]),
        (Size, ["s", "SMALL"], ["m"]),
        (date, ["2031-05-06"], ["2031-13-06", "6 May", 5, None, "2031-05-06T07:08"]),
        (datetime, ["2031-05-06T07:08:00+08:00", "2031-05-06 07:08", "2031-05-06"], ["soon", 5, None]),
        (time, ["07:08", "07:08:09"], ["25:00", 7]),
        (Decimal, ["9.90"], ["much", 9.9]),
        (UUID, ["12345678-1234-5678-1234-567812345678"], ["1"]),
        (Path, ["/tmp/a"], [1]),
        (UserId, [1], ["1"]),
        (OPEN, [1], ["1"]),
    ],
)
def test_json_fits_its_annotation(annotation: Any, fitting: list[Any], unfitting: list[Any]) -> None:
    kind = kind_of(annotation)

    assert [value for value in fitting if kind.problem_of(value)] == []
    assert [value for value in unfitting if not kind.problem_of(value)] == []


@pytest.mark.parametrize("annotation", [object, Any, "unreadable", timedelta, Literal[b"bytes"], int | Any, 5, [1]])
def test_annotation_that_says_nothing_of_json_lets_all_pass(annotation: Any) -> None:
    kind = kind_of(annotation)

    values: list[Any] = [None, 1, "a", [], {}]
    assert [kind.problem_of(value) for value in values] == [""] * 5
    assert not kind.converts


@pytest.mark.parametrize(
    ("annotation", "value", "given"),
    [
        (date, "2031-05-06", date(2031, 5, 6)),
        (datetime, "2031-05-06T07:08:00Z", datetime(2031, 5, 6, 7, 8, tzinfo=UTC)),
        (time, "07:08", time(7, 8)),
        (Decimal, "9.90", Decimal("9.90")),
        (Path, "/tmp/a", Path("/tmp/a")),
        (Colour, "red", Colour.RED),
        (Colour, "BLUE", Colour.BLUE),
        (Level, 2, Level.HIGH),
        (date | None, None, None),
        (date | None, "2031-05-06", date(2031, 5, 6)),
        (str | date, "2031-05-06", "2031-05-06"),
        (date | str, "2031-05-06", date(2031, 5, 6)),
        (date | str, "soon", "soon"),
        (list[date], ["2031-05-06"], [date(2031, 5, 6)]),
        (dict[str, Colour], {"a": "red"}, {"a": Colour.RED}),
    ],
)
def test_body_is_given_what_is_annotated(annotation: Any, value: Any, given: Any) -> None:
    kind = kind_of(annotation)

    assert kind.problem_of(value) == ""
    assert kind.convert(value) == given
    assert type(kind.convert(value)) is type(given)
    assert kind.converts


def test_moment_without_an_offset_is_one_of_the_schedulers_zone(settings: Settings) -> None:
    settings.SCHEDULER_TIMEZONE = "Asia/Shanghai"

    moment = kind_of(datetime).convert("2031-05-06 07:08")

    assert moment == datetime(2031, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=8)))
    assert moment.tzinfo is not None


@pytest.mark.parametrize("annotation", [str, int, float, bool, list[int], dict[str, str], Literal["a"], int | None])
def test_what_json_says_by_itself_is_not_converted(annotation: Any) -> None:
    assert not kind_of(annotation).converts


@pytest.mark.parametrize(
    ("annotation", "value", "sentence"),
    [
        (int, "5", "Enter a whole number."),
        (list[int], [1, "a"], "Item 2: Enter a whole number."),
        (dict[str, int], {"a": "b"}, "a: Enter a whole number."),
        (int | None, "a", "Enter a whole number."),
        (Literal["a", "b"], "c", "Choose one of: a, b."),
        (Level, "c", "Choose one of: LOW, HIGH."),
        (date, "c", "Enter a date, such as 2031-05-06."),
    ],
)
def test_problem_says_what_to_send(annotation: Any, value: Any, sentence: str) -> None:
    assert kind_of(annotation).problem_of(value) == sentence
