"""Who takes part in an engine benchmark: each does its workloads in processes of its own, on a database of its own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.databases import MakeDatabase
from benchmarks.peers.environment import celery_python
from benchmarks.processes import ROOT, ask, run

CARNATION = "Carnation"
MEMORY_STORE = "APScheduler, memory store"
SQLALCHEMY_STORE = "APScheduler, SQLAlchemy store"
DJANGO_APSCHEDULER = "django-apscheduler"
CELERY_BEAT = "Celery beat"
BARE_CLAIM = "bare claim"
STORES = {MEMORY_STORE: "memory", SQLALCHEMY_STORE: "sqlalchemy", DJANGO_APSCHEDULER: "django"}
BY_DEFAULT = ", default grace of 1 s"

ENGINE = "benchmarks.engine"
STOCK = "benchmarks.peers.stock"
BEAT = "benchmarks.peers.beat"
BARE = "benchmarks.peers.bare"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A module that does a workload named on its command line, with parameters, and prints the result as JSON."""

    name: str
    module: str
    environment: Mapping[str, str]
    python: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def do(self, workload: str, **parameters: Any) -> dict[str, Any]:
        """Do a workload, and answer its result. Raises ProcessFailed."""
        words = ("-m", self.module, workload, json.dumps({**self.parameters, **parameters}))
        result: dict[str, Any] = json.loads(ask(*words, environment=self.environment, python=self.python))
        return result


def is_wanted(name: str, words: Sequence[str]) -> bool:
    """Whether one of the words occurs in a contestant's name; everybody is wanted where there are no words."""
    return not words or any(word.lower() in name.lower() for word in words)


def carnation(make: MakeDatabase, stack: ExitStack, *, name: str = "engine") -> Contestant:
    """Carnation, on a migrated database of its own."""
    environment = _environment(stack.enter_context(make(name)), "benchmarks.engine.settings")
    run("manage.py", "migrate", "--verbosity", "0", environment=environment)
    return Contestant(name=CARNATION, module=ENGINE, environment=environment)


def peers(make: MakeDatabase, stack: ExitStack, words: Sequence[str]) -> Iterator[Contestant]:
    """The peers that are wanted, each on a database of its own."""
    for name, store in STORES.items():
        if is_wanted(name, words):
            app = "django_apscheduler" if store == "django" else ""
            environment = _migrated(stack.enter_context(make(store)), app)
            # None: a run may start however late. What they drop by default is another contestant's affair.
            parameters = {"store": store, "grace": None}
            yield Contestant(name=name, module=STOCK, environment=environment, parameters=parameters)
    if is_wanted(CELERY_BEAT, words):
        python = celery_python()
        environment = _migrated(stack.enter_context(make("beat")), "django_celery_beat", python=python)
        yield Contestant(name=CELERY_BEAT, module=BEAT, environment=environment, python=python)


def bare_claim(make: MakeDatabase, stack: ExitStack) -> Contestant:
    """No peer, but the least that a durable claim costs, on a database of its own. For the database servers."""
    environment = _migrated(stack.enter_context(make("bare")), "")
    return Contestant(name=BARE_CLAIM, module=BARE, environment=environment)


def by_default(peer: Contestant) -> Contestant:
    """A peer of APScheduler's kin with the misfire grace time that it has by default."""
    return replace(peer, name=peer.name + BY_DEFAULT, parameters={**peer.parameters, "grace": 1})


def _migrated(url: str, app: str, *, python: str = "") -> dict[str, str]:
    """The environment of a peer whose app, if it has one, finds its tables in the database."""
    environment = {**_environment(url, "benchmarks.peers.settings"), "PEER_APP": app}
    if app:
        run("-m", "django", "migrate", "--verbosity", "0", environment=environment, python=python)
    return environment


def _environment(url: str, settings: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "for-the-benchmark-only",
    }
