"""The arguments of a job's form: fields that the task's signature makes, and what becomes of what is typed in them."""

import json
from typing import Any

import pytest
from django.test import Client

from scheduler.models import Job
from scheduler.services.jobs import create_job
from tests.admin.test_job_actions import UNSTORABLE
from tests.admin.test_job_form import ADD, CHANGE, errors_of, typed

REPORT = "tests.sample.jobs:report"
HOURLY = {"trigger": "interval", "hours": 1}


def called(func: str = REPORT, **fields: Any) -> dict[str, Any]:
    """What a browser sends where the arguments are fields."""
    sent = {"args": "", "kwargs": "", "func": func, "arguments_as": "fields", "arguments_were": "fields"}
    return typed(**sent, **{f"call__{name}": value for name, value in fields.items()})


def form_of(response: Any) -> Any:
    assert response.status_code == 200
    return response.context["adminform"].form


def shown(form: Any) -> dict[str, Any]:
    """What stands in the fields that are not empty."""
    return {field.name.removeprefix("call__"): field.value() for field in form.argument_fields if field.value()}


def call_of(job_id: str = "job") -> tuple[Any, Any]:
    job = Job.objects.get(pk=job_id)
    return job.args, job.kwargs


def test_fields_are_made_of_the_signature(browser: Client) -> None:
    form = form_of(browser.post(ADD, called() | {"_show": "arguments"}))

    widgets = {field.label: (field.field.widget.input_type if hasattr(field.field.widget, "input_type") else "textarea")
               for field in form.argument_fields}  # fmt: skip
    assert widgets == {
        "title": "textarea", "day": "date", "since": "text", "copies": "text", "share": "text", "draft": "select",
        "size": "select", "colour": "select", "to": "textarea", "rest": "textarea", "extra": "textarea",
        "more": "textarea",
    }  # fmt: skip
    assert form["call__size"].field.choices == [("", "default: A4"), ('"A4"', "A4"), ('"A5"', "A5")]
    assert form["call__colour"].field.choices == [("", "default: red"), ('"red"', "red"), ('"BLUE"', "BLUE")]
    assert form["call__draft"].field.choices == [("", "default: no"), ("true", "yes"), ("false", "no")]
    assert form["call__copies"].field.widget.attrs["placeholder"] == "1"


def test_docstring_is_shown_with_the_words_of_each_argument(browser: Client) -> None:
    response = browser.post(ADD, called() | {"_show": "arguments"})

    assert b"It has one argument of each kind." in response.content
    assert form_of(response)["call__day"].help_text == "The day that it is about, which may be any. · date"


def test_untouched_defaults_are_not_stored(browser: Client) -> None:
    response = browser.post(ADD, called(title="Sales", day="2031-05-06"))

    assert response.status_code == 302
    assert call_of() == ([], {"title": "Sales", "day": "2031-05-06"})


def test_each_kind_of_argument_is_stored_as_json(browser: Client) -> None:
    fields = {
        "title": "two\r\nlines ", "day": "2031-05-06", "since": "2031-05-06 07:08", "copies": "3", "share": "0.25",
        "draft": "true", "size": '"A5"', "colour": '"BLUE"', "to": '["a@example.com"]', "extra": '{"a": 1}',
        "more": '{"any": [null]}',
    }  # fmt: skip

    response = browser.post(ADD, called(**fields) | {"timezone": "Asia/Shanghai"})

    assert response.status_code == 302
    assert call_of() == (
        [],
        {
            "title": "two\nlines ", "day": "2031-05-06", "since": "2031-05-06T07:08:00+08:00", "copies": 3,
            "share": 0.25, "draft": True, "size": "A5", "colour": "BLUE", "to": ["a@example.com"], "extra": {"a": 1},
            "any": [None],
        },
    )  # fmt: skip


def test_further_positions_need_all_before_them(browser: Client) -> None:
    response = browser.post(ADD, called(title="Sales", day="2031-05-06", rest="[1]"))

    assert errors_of(response) == {"call__since": ["This is needed where others follow it by position."]}


def test_further_positions_go_behind_all_others(browser: Client) -> None:
    filled = {"since": "2031-05-06T07:08+00:00", "copies": "1", "share": "1", "draft": "false", "size": '"A4"'}
    more = {"colour": '"red"', "to": "[]", "rest": "[5, 6]"}

    browser.post(ADD, called(title="Sales", day="2031-05-06", **filled, **more))

    args = ["Sales", "2031-05-06", "2031-05-06T07:08+00:00", 1, 1, False, "A4", "red", [], 5, 6]
    assert call_of() == (args, {})


@pytest.mark.portable
@pytest.mark.parametrize(
    ("field", "fields", "said"),
    [
        ("call__title", {"title": ""}, "This field is required."),
        ("call__day", {"day": "soon"}, "Enter a date, such as 2031-05-06."),
        ("call__since", {"since": "soon"}, "Enter a date and time, such as 2031-05-06T07:08:00+08:00."),
        ("call__copies", {"copies": "many"}, "Enter a whole number."),
        ("call__copies", {"copies": "1.5"}, "Enter a whole number."),
        ("call__share", {"share": "NaN"}, "Enter a number."),
        ("call__size", {"size": '"A6"'}, "Select a valid choice"),
        ("call__to", {"to": "a@example.com"}, "This is not JSON."),
        ("call__to", {"to": "[1]"}, "Item 1: Enter a text."),
        ("call__to", {"to": "[" * 5_000}, "This is not JSON."),
        ("call__rest", {"rest": '["a"]'}, "Item 1: Enter a whole number."),
        ("call__extra", {"extra": '{"a": "b"}'}, "a: Enter a whole number."),
        ("call__more", {"more": "[]"}, "Enter an object."),
        ("call__more", {"more": '{"title": 1}'}, "These have fields of their own: title."),
    ],
)
def test_mistake_is_said_beside_its_argument(browser: Client, field: str, fields: dict[str, str], said: str) -> None:
    response = browser.post(ADD, called(**{"title": "Sales", "day": "2031-05-06", **fields}))

    errors = errors_of(response)
    assert list(errors) == [field]
    assert said in errors[field][0]


def test_argument_that_the_door_refuses_is_named_where_json_is_typed(browser: Client) -> None:
    response = browser.post(ADD, typed(func=REPORT, args="[5]", kwargs='{"day": 6}'))

    assert errors_of(response) == {
        "args": ["0: Enter a text."],
        "kwargs": ["day: Enter a date, such as 2031-05-06."],
    }


def test_stored_arguments_are_shown_in_their_fields_and_stay_where_they_are(browser: Client) -> None:
    kwargs = {"day": "2031-05-06", "copies": 3, "share": 2, "draft": False, "colour": "red", "more": 1, "any": None}
    create_job({"id": "job", "func": REPORT, "args": ["Sales"], "kwargs": kwargs, **HOURLY})
    before = Job.objects.values().get()

    form = form_of(browser.get(CHANGE))
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    browser.post(CHANGE, sent)

    fields = shown(form)
    # PostgreSQL keeps the names of an object in an order of its own.
    assert json.loads(fields.pop("more")) == {"more": 1, "any": None}
    assert fields == {
        "title": "Sales", "day": "2031-05-06", "copies": "3", "share": "2", "draft": "false", "colour": '"red"',
    }  # fmt: skip
    assert Job.objects.values().get() == before


@pytest.mark.portable
@pytest.mark.parametrize(
    ("func", "args", "kwargs"),
    [
        ("jobs:greet", [""], {}),
        ("jobs:greet", ["a\r\nb"], {}),
        ("jobs:fail", [], {"message": ""}),
        (REPORT, ["Sales", "20310506"], {"since": None}),
    ],
)
def test_what_no_field_can_say_is_shown_as_json(browser: Client, func: str, args: Any, kwargs: Any) -> None:
    create_job({"id": "job", "func": func, "args": args, "kwargs": kwargs, **HOURLY})
    before = Job.objects.values().get()

    form = form_of(browser.get(CHANGE))
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    browser.post(CHANGE, sent)

    assert not form.are_fields
    assert Job.objects.values().get() == before


def test_task_that_is_gone_leaves_its_arguments_as_json(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1], **HOURLY})
    Job.objects.update(func="jobs:gone")

    form = form_of(browser.get(CHANGE))

    assert (form.are_fields, form["args"].value()) == (False, "[1]")


def test_draft_is_shown_as_it_is_and_not_saved(browser: Client) -> None:
    response = browser.post(ADD, called("jobs:greet", name="Ada", times="often") | {"_show": "arguments", "id": ""})

    form = form_of(response)
    assert dict(form.errors) == {}
    assert shown(form) == {"name": "Ada", "times": "often"}
    assert not Job.objects.exists()


def test_fields_become_json_and_json_becomes_fields(browser: Client) -> None:
    as_json = form_of(
        browser.post(ADD, called("jobs:greet", name="Ada", times="2") | {"arguments_as": "json", "_show": "arguments"})
    )
    assert not as_json.are_fields
    assert (as_json["args"].value(), as_json["kwargs"].value()) == ("[]", '{"name": "Ada", "times": 2}')

    sent = typed(func="jobs:greet", args='["Bob"]', kwargs='{"times": 3}')
    ways = {"arguments_as": "fields", "arguments_were": "json", "_show": "arguments"}
    as_fields = form_of(browser.post(ADD, sent | ways))
    assert as_fields.are_fields
    assert (shown(as_fields), as_fields["positional"].value()) == ({"name": "Bob", "times": "3"}, "1")


@pytest.mark.portable
@pytest.mark.parametrize("args", ["[1", "[1]", '["a", 1, 2]', "[" * 5_000])
def test_json_that_no_field_can_say_stays_json(browser: Client, args: str) -> None:
    ways = {"arguments_as": "fields", "arguments_were": "json", "_show": "arguments"}

    form = form_of(browser.post(ADD, typed(func="jobs:greet", args=args) | ways))

    assert not form.are_fields
    assert form.errors["arguments_as"] == ["No fields can say this."]
    assert form["args"].value() == args


@pytest.mark.parametrize(("value", "said"), UNSTORABLE)
@pytest.mark.parametrize("sent", [{}, {"_show": "arguments"}])
def test_json_that_cannot_be_stored_is_refused_and_shown_again(
    browser: Client, sent: dict[str, str], value: str, said: str
) -> None:
    args = f"[{value}, 1]"
    as_json = {"arguments_as": "json", "arguments_were": "json"}

    form = form_of(browser.post(ADD, typed(args=args, **as_json) | sent))

    assert form["args"].value() == args
    assert sent or said in form.errors["args"][0]
    assert not Job.objects.exists()


def test_surrogates_stay_where_they_were_typed(browser: Client) -> None:
    to_fields = {"arguments_as": "fields", "arguments_were": "json", "_show": "arguments"}
    form = form_of(browser.post(ADD, typed(func="jobs:greet", args=r'["\ud800"]') | to_fields))
    assert form.errors["arguments_as"] == ["No fields can say this."]

    to_json = {"arguments_as": "json", "_show": "arguments"}
    form = form_of(browser.post(ADD, called(to=r'{"to": "\ud800"}') | to_json))
    assert "This cannot be stored as JSON" in form.errors["call__to"][0]


def test_fields_that_cannot_be_read_stay_fields(browser: Client) -> None:
    sent = called("jobs:greet", name="Ada", times="often") | {"arguments_as": "json", "_show": "arguments"}

    form = form_of(browser.post(ADD, sent))

    assert form.are_fields
    assert form.errors["call__times"] == ["Enter a whole number."]
    assert shown(form) == {"name": "Ada", "times": "often"}


def test_task_without_arguments_asks_for_none(browser: Client) -> None:
    response = browser.post(ADD, called("tests.sample.jobs:nothing") | {"_show": "arguments"})

    assert b"It takes no arguments." in response.content
    assert browser.post(ADD, called("tests.sample.jobs:nothing")).status_code == 302
