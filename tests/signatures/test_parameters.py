"""A task's parameters, and which arguments fit them."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

import pytest

from scheduler.signatures import Anything, Either, Place, Text, WholeNumber, signature_of

if TYPE_CHECKING:
    from nowhere import Missing  # type: ignore[import-not-found]

pytestmark = pytest.mark.pure


def every_place(first: int, /, second: str, *rest: float, third: bool = True, **more: date) -> None:
    """Have a parameter of every place."""


def test_parameters_have_their_places_in_order() -> None:
    parameters = signature_of(every_place).parameters

    assert [(each.name, each.place, each.is_required) for each in parameters] == [
        ("first", Place.POSITION, True),
        ("second", Place.EITHER, True),
        ("rest", Place.FURTHER_POSITIONS, False),
        ("third", Place.NAME, False),
        ("more", Place.FURTHER_NAMES, False),
    ]


@pytest.mark.parametrize(
    ("args", "kwargs", "wrong"),
    [
        ([1, "two", 3.5, 4], {"third": False, "fourth": "2031-05-06"}, []),
        (["1"], {"second": 2}, ["args.0", "kwargs.second"]),
        ([1, "two", 3, "x"], {}, ["args.3"]),
        ([1, "two"], {"third": "yes", "fourth": 4}, ["kwargs.third", "kwargs.fourth"]),
    ],
)
def test_argument_that_does_not_fit_is_named(args: list[Any], kwargs: dict[str, Any], wrong: list[str]) -> None:
    assert list(signature_of(every_place).problems(args, kwargs)) == wrong


def test_body_gets_what_is_annotated_wherever_it_stands() -> None:
    given = signature_of(every_place).convert([1, "two", 3], {"third": False, "fourth": "2031-05-06"})

    assert given == ([1, "two", 3], {"third": False, "fourth": date(2031, 5, 6)})


def test_conversion_of_what_does_not_fit_says_why() -> None:
    with pytest.raises(ValueError, match=r"kwargs\.day: Enter a date"):
        signature_of(every_place).convert([1, "two"], {"day": "soon"})


def test_default_of_none_lets_null_pass() -> None:
    def function(name: str = None) -> None:  # type: ignore[assignment]  # noqa: RUF013
        pass

    assert signature_of(function).problems([], {"name": None}) == {}


def test_what_is_not_annotated_takes_anything() -> None:
    def function(one, two=2):  # type: ignore[no-untyped-def]
        pass

    signature = signature_of(function)

    assert [type(each.kind) for each in signature.parameters] == [Anything, Anything]
    assert not signature.says_anything
    assert not signature.converts


def test_annotations_that_are_texts_are_read() -> None:
    def function(number: "int", name: "str | None") -> None:
        pass

    kinds = [each.kind for each in signature_of(function).parameters]

    assert isinstance(kinds[0], WholeNumber)
    assert isinstance(kinds[1], Either)


def test_annotation_that_only_a_type_checker_can_read_takes_anything() -> None:
    def function(number: int, missing: "Missing") -> None:
        pass

    kinds = [type(each.kind) for each in signature_of(function).parameters]

    assert kinds == [WholeNumber, Anything]


def test_wrapper_is_called_by_its_own_signature() -> None:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapper(*args: Any) -> Any:
            return function(1, *args)

        return wrapper

    @decorate
    def function(connection: int, args: str) -> None:
        """Do it."""

    signature = signature_of(function)

    assert [(each.name, type(each.kind)) for each in signature.parameters] == [("args", Anything)]
    assert signature.text == "Do it."


def test_class_is_called_by_its_constructor() -> None:
    class Sender:
        """Send."""

        def __init__(self, to: str) -> None:
            self.to = to

    assert [(each.name, type(each.kind)) for each in signature_of(Sender).parameters] == [("to", Text)]


def test_callable_without_a_signature_takes_anything() -> None:
    places = [each.place for each in signature_of(dict).parameters]

    assert places == [Place.FURTHER_POSITIONS, Place.FURTHER_NAMES]
