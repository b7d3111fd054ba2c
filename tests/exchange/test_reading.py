"""Documents in YAML and JSON: what they hold, on which line, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.exchange import Document, Entry, Unreadable, read_document, write_document
from scheduler.exchange.documents import Kind
from scheduler.exchange.reading import read_located

pytestmark = pytest.mark.pure

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))

YAML = """\
carnation: 1
# People write comments.
jobs:
  nightly:
    func: jobs:nothing
    trigger: cron
    hour: 3
    args: [1, "2", 2026-06-01, on, 22:30]
  "1":
    func: jobs:nothing
    trigger: manual
"""


def mistakes(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Unreadable) as raised:
        read_document(text)
    return [(each.line, each.message) for each in raised.value.mistakes]


def test_entries_know_their_lines() -> None:
    document = read_document(YAML)

    nightly, one = document.jobs
    assert (nightly.key, nightly.line, nightly.line_of("hour"), nightly.line_of("unknown")) == ("nightly", 4, 7, 4)
    assert (one.key, one.line) == ("1", 9)
    assert document.sections == {"job"}


def test_only_values_of_json_have_a_meaning_in_yaml() -> None:
    assert read_document(YAML).jobs[0].fields["args"] == [1, "2", "2026-06-01", "on", "22:30"]


def test_json_is_read_with_lines_too() -> None:
    text = json.dumps({"carnation": 1, "jobs": {"a": {"func": "f", "hour": [1.5, None, True]}}}, indent=1)

    (entry,) = read_document(text).jobs
    assert dict(entry.fields) == {"func": "f", "hour": [1.5, None, True]}
    assert (entry.line, entry.line_of("hour")) == (4, 6)


@given(VALUES)
@example({"\x85": "\u2028", "a": "b\r\nc\x07\ufeff"})
def test_what_is_written_is_read_again_in_both_formats(value: Any) -> None:
    document = Document(jobs=(Entry(key="job", fields={"value": value}),))

    for name in ("yaml", "json"):
        assert read_document(write_document(document, format=name)).jobs[0].fields == {"value": value}
        # Where 1 is not True, nor 1.0.
        read = read_document(write_document(document, format=name)).jobs[0].fields["value"]
        assert json.dumps(read) == json.dumps(value)


@given(VALUES)
def test_json_means_what_the_standard_library_reads(value: Any) -> None:
    text = json.dumps([value])

    assert json.dumps(read_located(text).plain) == text


def test_writing_is_in_order_and_short() -> None:
    jobs = (Entry(key="b", fields={"tags": ["x", "y"], "name": "on"}), Entry(key="a", fields={}))
    sections: frozenset[Kind] = frozenset({"window", "job"})

    text = write_document(Document(jobs=jobs, sections=sections), comment="By hand")

    assert text == ("# By hand\ncarnation: 1\nwindows: {}\njobs:\n  a: {}\n  b:\n    tags: [x, y]\n    name: 'on'\n")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no document of Carnation's"),
        ("[]", 1, "no document of Carnation's"),
        ("jobs: {}", 1, "no document of Carnation's"),
        ("\ncarnation: 2", 2, "version 1 only"),
        ("carnation: true", 1, "version 1 only"),
        ("carnation: 1\njob: {}", 2, "no such part"),
        ("carnation: 1\njobs:\n- a", 2, "Enter names"),
        ("carnation: 1\njobs:\n  a: 1", 3, "Enter fields"),
        ("carnation: 1\njobs:\n  a: {}\n  a: {}", 4, "second time"),
        ("carnation: 1\njobs:\n  a: &x {}\n", 3, "Anchors"),
        ("carnation: 1\njobs: *x\n", 2, "Anchors"),
        ("carnation: 1\njobs: !!python/object/apply:os.system [ls]\n", 2, "Tags"),
        ("carnation: 1\n---\ncarnation: 1\n", 2, "one document"),
        ("carnation: 1\njobs:\n  a: {b: ]}\n", 3, ""),
        ("carnation: 1\njobs:\n  a: {[1]: 2}\n", 3, "must be a text"),
        ('carnation: 1\njobs:\n  a: {b: "\\ud800"}\n', 3, ""),
        ("carnation: 1\njobs: " + "[" * 10_000, 2, "nest"),
        ('{"carnation": 1,\n"jobs": {"a": {"b": "\\ud800"}}}', 2, "cannot be stored"),
        ('{"carnation": 1,\n"jobs": {"a": 1 }', 2, "This is not JSON"),
        ('{"carnation": 1,\n"jobs": {"a": NaN}}', 2, "This is not JSON"),
        ('{"carnation": 1,\n"carnation": 1}', 2, "second time"),
        ('{"carnation": 1,\n"jobs": {"a": "b}}', 2, "Unterminated"),
        ('{"carnation": 1,\n1: 2}', 2, "must be a text"),
        ('{"carnation": 1, "jobs": ' + "[" * 10_000, 1, "nested"),
        ('{"carnation": 1} 2', 1, "This is not JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    ((found, message),) = mistakes(text)

    assert found == line
    assert words in message


def test_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x]\n" + "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 20))

    assert mistakes(bomb)[0][0] == 1


def test_large_file_is_refused() -> None:
    assert "larger" in mistakes("#" * 10_000_001)[0][1]


def test_all_mistakes_of_the_structure_are_found_at_once() -> None:
    assert [line for line, _message in mistakes("carnation: 1\njobs:\n  a: 1\n  b: 2\nwindow: {}\n")] == [3, 4, 5]
