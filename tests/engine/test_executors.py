"""The kinds of executors."""

import pytest

from scheduler import conf
from scheduler.engine.executors import TYPES

pytestmark = pytest.mark.pure


def test_checks_know_every_kind_of_executor_and_no_other() -> None:
    assert set(conf.EXECUTOR_TYPES) == set(TYPES)
