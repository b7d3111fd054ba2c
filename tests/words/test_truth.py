"""What is said of a trigger is what it does, neither more nor less."""

from typing import Any

import pytest
from hypothesis import assume, given, settings

from scheduler.words import describe
from tests.triggers.crontabs import crontabs
from tests.triggers.occurrences import errors_of, parsed, without_jitter
from tests.words.specs import describable
from tests.words.truth import denied, promised_in_vain

pytestmark = pytest.mark.pure

ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"]
CRONTABS = 400


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=75)
@given(fields=describable)
def test_no_time_of_a_trigger_is_denied(fields: dict[str, Any], zone: str) -> None:
    assume(not errors_of(zone, **without_jitter(fields)))

    assert denied(parsed(zone, **without_jitter(fields)), zone) == []


@settings(max_examples=300)
@given(describable)
def test_no_time_is_promised_in_vain(fields: dict[str, Any]) -> None:
    # What has moved away satisfies all that is said of the rule.
    fields = {name: value for name, value in without_jitter(fields).items() if name != "on_excluded"}
    assume(not errors_of(**fields))

    assert promised_in_vain(parsed(**fields)) == []


@pytest.mark.parametrize("seed", range(4))
def test_random_crontab_expressions_do_what_is_said(seed: int) -> None:
    texts = [each.ours for each in crontabs(CRONTABS // 4, seed=seed)]
    specs = [parsed(trigger="cron", crontab=text) for text in texts if not errors_of(trigger="cron", crontab=text)]
    wrong = [spec["crontab"] for spec in specs if denied(spec, "UTC") or promised_in_vain(spec)]

    assert len(specs) > CRONTABS // 8
    assert wrong == []


@settings(max_examples=300)
@given(describable)
def test_whatever_parses_can_be_said(fields: dict[str, Any]) -> None:
    assume(not errors_of(**fields))
    said = describe(parsed(**fields), "UTC")

    assert said != "The trigger cannot be read."
    assert said.endswith(".")
    assert "  " not in said
    assert "None" not in said
