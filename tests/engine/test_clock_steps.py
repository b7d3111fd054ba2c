"""Clocks that are set an hour forward or back: the nodes' own, and the database's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import DateTimeField, Value

from scheduler.engine.membership import Membership
from scheduler.engine.scheduler import LONGEST_SLEEP, CarnationScheduler
from scheduler.models import DEAD_AFTER, HEARTBEAT_EVERY, Execution, Node, Schedule
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job

HOUR = timedelta(hours=1)
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
FIRST = NOW + timedelta(seconds=30)
STEPS = pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])
# In which moment between two beats the clock is set.
PHASES = pytest.mark.parametrize("phase", [0.0, 1.25, 2.5])
TICK = 0.25


class Clock:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(transactional_db: None, clock: Clock) -> Iterator[CarnationScheduler]:
    node = CarnationScheduler(name="here", threads=2, clock=clock)
    node.prepare()
    trigger = {"trigger": "interval", "minutes": 1, "start_date": FIRST.isoformat()}
    create_job({"id": "job", "func": "jobs:nothing", "max_instances": 100, **trigger})
    Schedule.objects.update(next_run_time=FIRST)
    node._start_workers()
    yield node
    node._drain()


def turns_until_asleep(node: CarnationScheduler) -> int:
    """Make turns until one finds nothing to do; return how many had something to do."""
    busy = 0
    while node._guarded_turn() == 0:
        busy += 1
        assert busy < 100
    return busy


@STEPS
def test_no_step_of_the_wall_clock_makes_a_node_sleep_longer_than_a_poll(
    node: CarnationScheduler, clock: Clock, step: timedelta
) -> None:
    turns_until_asleep(node)

    clock.now += step
    turns_until_asleep(node)

    assert 0 < node._guarded_turn() <= LONGEST_SLEEP


def test_what_a_step_forward_makes_due_is_claimed_by_the_next_turn(node: CarnationScheduler, clock: Clock) -> None:
    turns_until_asleep(node)

    clock.now += HOUR
    turns_until_asleep(node)

    row = Execution.objects.get()
    assert (row.first_scheduled_for, row.occurrences) == (FIRST, 60)


def test_step_within_a_turn_costs_no_sleep(node: CarnationScheduler, clock: Clock) -> None:
    """The turn has read the clock, and found nothing due, when the clock is set."""
    readings = iter([NOW])
    node._clock = lambda: next(readings, NOW + HOUR)

    assert node._guarded_turn() < 0.1
    turns_until_asleep(node)
    assert Execution.objects.exists()


def test_hour_that_is_lived_twice_runs_nothing_twice(node: CarnationScheduler, clock: Clock) -> None:
    clock.now += timedelta(minutes=10)
    turns_until_asleep(node)
    rows = list(Execution.objects.values_list("id", flat=True))

    clock.now -= HOUR
    turns_until_asleep(node)
    clock.now += HOUR
    turns_until_asleep(node)

    assert list(Execution.objects.values_list("id", flat=True)) == rows
    clock.now += timedelta(minutes=1)
    turns_until_asleep(node)
    assert Execution.objects.count() == len(rows) + 1


def test_run_by_hand_waits_for_no_clock(node: CarnationScheduler, clock: Clock) -> None:
    clock.now -= HOUR
    turns_until_asleep(node)

    run_job("job")

    assert turns_until_asleep(node) == 1
    node._wait_for_bodies()


class World:
    """Nodes without an engine, a monotonic clock that is moved by hand, and a database whose clock can be set."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.database_is_ahead = timedelta(0)
        self.members: dict[str, Membership] = {}

    def database_now(self) -> Value:
        now = NOW + timedelta(seconds=self.seconds) + self.database_is_ahead
        return Value(now, output_field=DateTimeField())

    def join(self, name: str) -> None:
        member = Membership(
            name=name, threads=1, clock=lambda: NOW, load=lambda: (0, 0), monotonic=lambda: self.seconds
        )
        member.join()
        self.members[name] = member

    def live(self, seconds: float, *, silent: tuple[str, ...] = ()) -> set[str]:
        """Let time pass, and everybody beat who is not silent; return who was told that he is dead."""
        told: set[str] = set()
        end = self.seconds + seconds
        while self.seconds < end:
            told |= {name for name, each in self.members.items() if name not in silent and not each.beat_if_time()}
            self.seconds += TICK
        return told

    def dead(self) -> set[str]:
        return set(Node.objects.exclude(stopped_at=None).values_list("name", flat=True))


LONG = 2.5 * DEAD_AFTER.total_seconds()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three nodes that joined one after another, and have long been beating."""
    world = World()
    for module in ("models", "services"):
        monkeypatch.setattr(f"scheduler.{module}.nodes.DatabaseNow", world.database_now)
    for name in ("one", "two", "three"):
        world.join(name)
        world.live(1)
    world.live(DEAD_AFTER.total_seconds() + HEARTBEAT_EVERY.total_seconds())
    return world


def test_silent_node_is_buried_by_the_others(world: World) -> None:
    assert world.live(DEAD_AFTER.total_seconds() + HEARTBEAT_EVERY.total_seconds() + TICK, silent=("three",)) == set()

    assert world.dead() == {"three"}


@STEPS
@PHASES
def test_step_of_the_databases_clock_buries_nobody_who_lives(world: World, step: timedelta, phase: float) -> None:
    world.live(phase)

    world.database_is_ahead += step

    assert world.live(LONG) == set()
    assert world.dead() == set()
    assert Node.objects.alive().count() == 3


@STEPS
@PHASES
def test_step_of_the_databases_clock_hides_nobody_who_is_dead(world: World, step: timedelta, phase: float) -> None:
    world.live(phase, silent=("three",))

    world.database_is_ahead += step
    world.live(LONG, silent=("three",))

    assert world.dead() == {"three"}


@STEPS
def test_node_is_alive_again_with_its_first_beat_after_the_step(world: World, step: timedelta) -> None:
    world.database_is_ahead += step
    before = Node.objects.alive().count()
    world.live(HEARTBEAT_EVERY.total_seconds() + TICK)

    assert (before, Node.objects.alive().count()) == (0, 3)


@pytest.mark.parametrize("away", [8.75, 9.25, 60.0])
@PHASES
def test_outage_of_any_length_buries_nobody_who_lives(world: World, away: float, phase: float) -> None:
    everybody = tuple(world.members)
    world.live(phase)

    world.live(away, silent=everybody)

    assert world.live(LONG) == set()
    assert world.dead() == set()
