"""Tables of days, as spreadsheets write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars import InvalidFile, read_file
from scheduler.triggers import SpecialDay

pytestmark = pytest.mark.pure


def read(text: str, encoding: str = "utf-8") -> dict[date, SpecialDay]:
    return dict(read_file("days.csv", text.encode(encoding)))


def mistakes(text: str) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        read(text)
    return caught.value.sentences


GOOD = {
    date(2026, 12, 24): SpecialDay(is_working=False, name="Christmas Eve"),
    date(2026, 12, 26): SpecialDay(is_working=True, name=""),
}


@pytest.mark.parametrize(
    "text",
    [
        "day,working,name\n2026-12-24,no,Christmas Eve\n2026-12-26,yes,\n",
        "day,working,name\r\n2026-12-24,no,Christmas Eve\r\n2026-12-26,yes\r\n",
        "\ufeffday,working,name\n2026-12-24,no,Christmas Eve\n2026-12-26,yes,",
        "day;working;name\n2026-12-24;no;Christmas Eve\n2026-12-26;yes;\n",
        "Name, Working, Day\nChristmas Eve, FALSE, 2026/12/24\n, TRUE, 2026/12/26\n",
        'day,working,name\n\n2026-12-24,0,"Christmas Eve"\n,,\n2026-12-26,1,\n',
    ],
)
def test_table_is_read_however_a_spreadsheet_writes_it(text: str) -> None:
    assert read(text) == GOOD


def test_name_may_be_left_out_and_may_hold_commas_and_chinese() -> None:
    assert read("day,working\n2026-12-24,no\n")[date(2026, 12, 24)].name == ""
    assert read('day,working,name\n2026-12-24,no,"Eve, 平安夜"\n')[date(2026, 12, 24)].name == "Eve, 平安夜"


def test_every_mistake_is_named_with_its_line() -> None:
    text = "day,working,name\n2026-12-24,no,\n2026-02-30,no,\n24.12.2026,no,\n2026-12-25,maybe,\n\n2026-12-24,yes,\n"

    assert mistakes(text) == [
        'Line 3: "2026-02-30" is no day such as 2026-10-01.',
        'Line 4: "24.12.2026" is no day such as 2026-10-01.',
        'Line 5: working is "maybe"; write yes or no.',
        "Line 7: 2026-12-24 stands in line 2 already.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1: the header must be day,working,name."),
        ("2026-12-24,no,Eve\n", "Line 1: the header must be day,working,name."),
        ("day,name\n2026-12-24,Eve\n", "Line 1: the header must be day,working,name."),
        ("day,working,day\n", "Line 1: the header must be day,working,name."),
        ("day,working\n2026-12-24,no,Eve\n", "Line 2 has more values than the header has columns."),
        ("day,working\n2026-12-24\n", 'Line 2: working is ""; write yes or no.'),
        (f"day,working,name\n2026-12-24,no,{'x' * 256}\n", "Line 2: the name has more than 255 characters."),
        ('day,working,name\n2026-12-24,no,"Eve', "Line 2: this is no CSV: unexpected end of data."),
        ("day,working\n2026-12-24,no\0\n", "The file is no text in UTF-8."),
    ],
)
def test_mistake_is_said_plainly(text: str, said: str) -> None:
    assert mistakes(text) == [said]


def test_other_encodings_than_utf_8_are_refused_by_name() -> None:
    with pytest.raises(InvalidFile, match="UTF-8"):
        read("day,working,name\n2026-12-24,no,平安夜\n", encoding="gb18030")


@pytest.mark.parametrize("name", ["days.txt", "days", "csv", "days.csv.gz"])
def test_file_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(InvalidFile, match=r"\.csv or \.ics"):
        read_file(name, b"day,working\n")


def test_endings_of_names_are_read_in_any_case() -> None:
    assert dict(read_file("DAYS.CSV", b"day,working\n")) == {}


def test_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(InvalidFile, match="larger"):
        read_file("days.csv", b"x" * 1_000_001)


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: f"day,working,name\n{text}".encode()))
def test_no_table_raises_anything_else(content: bytes) -> None:
    with suppress(InvalidFile):
        read_file("days.csv", content)
