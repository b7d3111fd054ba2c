"""Mappings of names."""

import pytest

from scheduler.exchange import Call, Unreadable, read_mapping

pytestmark = pytest.mark.pure


def test_names_become_tasks_or_whole_calls() -> None:
    text = "old.name: jobs:new\n'clean all': {func: jobs:clean, args: [1], id: clean}\n"

    assert read_mapping(text) == {
        "old.name": Call(func="jobs:new"),
        "clean all": Call(func="jobs:clean", args=[1], id="clean"),
    }
    assert read_mapping(" ") == {}


@pytest.mark.parametrize("text", ["- a", "a: 1", "a: {args: []}", "a: {func: f, colour: red}", "a: {func: 1}"])
def test_other_mappings_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_mapping(text)
