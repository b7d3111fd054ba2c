"""Who is acting."""

import getpass
import threading

import pytest

from scheduler.actors import NOBODY, Actor, acting, address_of, current_actor, name_actor, name_of_system_user

pytestmark = pytest.mark.pure


def test_nobody_acts_until_somebody_says_so() -> None:
    assert current_actor() == NOBODY


def test_inner_actor_gives_way_to_the_outer_one() -> None:
    with acting(name="alice", source="rest"):
        with acting(name="SCHEDULER_JOBS", source="settings"):
            assert current_actor() == Actor(name="SCHEDULER_JOBS", source="settings")
        assert current_actor() == Actor(name="alice", source="rest")


def test_name_that_is_known_later_holds_until_the_end() -> None:
    with acting(source="rest", address="192.0.2.7"):
        name_actor("alice")
        assert current_actor() == Actor(name="alice", source="rest", address="192.0.2.7")
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


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "198.51.100.1"),
        ("192.0.2.7", "made up, 198.51.100.1", "198.51.100.1"),
        ("192.0.2.7", "198.51.100.1, made up", "192.0.2.7"),
        ("", "2001:DB8::1", "2001:db8::1"),
        ("", "[2001:db8::1]", "2001:db8::1"),
        # A web server behind a Unix socket names none.
        ("", None, ""),
        ("x" * 10_000, "y" * 10_000, ""),
    ],
)
def test_address_behind_a_proxy_is_the_last_one_forwarded(remote: str, forwarded: str | None, expected: str) -> None:
    environment = {"REMOTE_ADDR": remote, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})}

    assert address_of(environment, trusts_proxy=True) == expected


def test_without_a_proxy_nothing_forwarded_is_believed() -> None:
    environment = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}

    assert address_of(environment, trusts_proxy=False) == "192.0.2.7"
