"""Who is acting."""

import getpass
import threading

import pytest

from scheduler.actors import NOBODY, Actor, acting, current_actor, name_actor, name_of_system_user


def test_nobody_acts_until_somebody_says_so() -> None:
    assert current_actor() == NOBODY


def test_inner_actor_gives_way_to_the_outer_one() -> None:
    with acting(name="alice", source="rest"):
        with acting(name="SCHEDULER_JOBS", source="settings"):
            assert current_actor() == Actor(name="SCHEDULER_JOBS", source="settings")
        assert current_actor() == Actor(name="alice", source="rest")


def test_name_that_is_known_later_holds_until_the_end() -> None:
    with acting(source="rest"):
        name_actor("alice")
        assert current_actor() == Actor(name="alice", source="rest")
    assert current_actor() == NOBODY


def test_failure_ends_an_actor_too() -> None:
    with pytest.raises(ZeroDivisionError), acting(name="alice", source="rest"):
        print(1 / 0)

    assert current_actor() == NOBODY


def test_threads_begin_with_nobody() -> None:
    seen: list[Actor] = []
    with acting(name="alice", source="rest"):
        thread = threading.Thread(target=lambda: seen.append(current_actor()))
        thread.start()
        thread.join()

    assert seen == [NOBODY]


def test_user_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", fail)

    assert name_of_system_user().isdigit()
