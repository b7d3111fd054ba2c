"""Specs that are hard to describe, beside those that the triggers' own tests draw."""

from typing import Any

from hypothesis import strategies as st

from tests.triggers.occurrences import any_fields, restricted

Fields = dict[str, Any]


def _some(**choices: list[Any]) -> st.SearchStrategy[Fields]:
    """Draw some of the fields, or all, or none."""
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in choices.items()})


fields = _some(
    year=["2026-2030", "2026,2028", "*/2", "2027/3", "*"],
    month=["*/5", "nov-dec,jan", "2", "1-12/4"],
    day=["2nd sun", "last fri,1", "last", "1-7,15,31", "*/2", "10/7", "1-31"],
    week=["1", "53", "*/9", "10-20", "52-53,1"],
    day_of_week=["mon-fri", "sat,sun", "0,2,4-6", "*/3", "6"],
    hour=["9-17", "*/3", "0", "22-23,1-3", "9,11,13,15,17", "*"],
    minute=["*/15", "*/7", "3,17,44", "10-50/5", "5", "0-59", "*"],
    second=["0", "30", "*/20", "1,2,3", "*"],
).map(lambda drawn: {"trigger": "cron"} | drawn)

_CLOCK = {
    "BYHOUR": ["9", "8,12,20"],
    "BYMINUTE": ["0,30", "7"],
    "BYSECOND": ["0,15,30,45"],
}
_PARTS = _some(
    INTERVAL=["1", "2", "3", "7", "12", "90"],
    WKST=["SU", "WE"],
    BYMONTH=["3", "1,2,12"],
    BYMONTHDAY=["13", "1,15,-1", "-2,31", "1,2,3,4"],
    BYDAY=["MO", "SA,SU", "MO,TU,WE,TH,FR", "2TU", "-1FR,1MO", "20MO,-3SU", "MO,2TU"],
    BYWEEKNO=["1", "20,-1", "51,-2", "52", "53,-53"],
    BYYEARDAY=["1,100,-1", "-306"],
    **_CLOCK,
)
# A search for minutes or seconds is given up after some days without any, so days have no place among these.
_SHORT_PARTS = _some(INTERVAL=["1", "2", "7", "12", "90"], **_CLOCK)


def _rules(frequencies: list[str], parts: st.SearchStrategy[Fields]) -> st.SearchStrategy[Fields]:
    return st.builds(
        lambda frequency, parts, start: {
            "trigger": "rrule",
            "rrule": ";".join(f"{name}={value}" for name, value in {"FREQ": frequency, **parts}.items()),
            "start_date": start,
        },
        st.sampled_from(frequencies),
        parts,
        st.sampled_from(["2026-01-31T09:30", "2024-02-29T00:00:15", "2026-06-03T23:59:59"]),
    )


recurrences = _rules(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"], _PARTS) | _rules(
    ["MINUTELY", "SECONDLY"], _SHORT_PARTS
)
describable = any_fields | restricted | fields | recurrences
