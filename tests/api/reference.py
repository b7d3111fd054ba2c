"""The original: Flask-APScheduler itself, behind Flask's test client. Its jobs get next run times, and never run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from inspect import isfunction
from types import FunctionType, ModuleType

from apscheduler.schedulers.base import BaseScheduler
from flask import Flask
from flask.testing import FlaskClient
from flask_apscheduler import APScheduler

from carnation import jobs as project_jobs
from tests.sample import jobs as sample_jobs


class StillScheduler(BaseScheduler):
    """Counts as running once it is started, and has no thread that could run anything."""

    def wakeup(self) -> None:
        """Sleep on."""

    def shutdown(self, wait: bool = True) -> None:
        """Stop, as every scheduler does; there is no thread to wait for."""
        super().shutdown(wait)


def make_reference() -> FlaskClient:
    """Return a client of the original with Carnation's defaults and a new scheduler, which is started, in memory."""
    app = _app_with_api()
    APScheduler(StillScheduler(), app=app).start()
    return app.test_client()


@cache
def _app_with_api() -> Flask:
    """Return the application, whose addresses take far longer to make than a scheduler, and can be made only once."""
    app = Flask("reference")
    app.config["SCHEDULER_API_ENABLED"] = True
    app.config["SCHEDULER_TIMEZONE"] = "UTC"
    app.config["SCHEDULER_JOB_DEFAULTS"] = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
    APScheduler(StillScheduler(), app=app)
    app.config["SCHEDULER_API_ENABLED"] = False
    return app


@contextmanager
def importable_tasks() -> Iterator[None]:
    """Let `jobs:job1` be imported, as it is where the original runs: both jobs modules under one name."""
    module = ModuleType("jobs")
    functions = [*_functions_of(sample_jobs), *_functions_of(project_jobs)]
    vars(module).update({function.__name__: _moved(function, "jobs") for function in functions})
    sys.modules["jobs"] = module
    try:
        yield
    finally:
        del sys.modules["jobs"]


def _functions_of(module: ModuleType) -> list[FunctionType]:
    return [each for each in vars(module).values() if isfunction(each) and each.__module__ == module.__name__]


def _moved(function: FunctionType, module: str) -> FunctionType:
    """Return the same function as another module would hold it; the original derives references from that."""
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__module__ = module
    return copy
