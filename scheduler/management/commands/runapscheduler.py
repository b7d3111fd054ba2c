"""`manage.py runapscheduler`: runs a node."""

import gc
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from scheduler import conf
from scheduler.actors import acting
from scheduler.engine.scheduler import CarnationScheduler
from scheduler.exceptions import NodeNotAllowed
from scheduler.services.declared import Report

# Python's own is 0.005.
SWITCH_SECONDS = 0.0005
# Python's own are 700, 10 and 10. Most of what a run leaves is gone as soon as nobody refers to it.
COLLECT_AFTER = (50_000, 20, 100)


class Command(BaseCommand):
    """Runs jobs until SIGTERM or Ctrl-C. Any number of nodes may run beside each other."""

    help = "Runs a node: claims the jobs that are due and runs them, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--node", default="", help="The node's name; by default host name and process id.")
        parser.add_argument("--threads", type=int, help="How many bodies run at once; overrules SCHEDULER_EXECUTORS.")
        parser.add_argument("--once", action="store_true", help="Make one turn, wait for what it starts, and exit.")

    def handle(self, *, node: str, threads: int | None, once: bool, **options: Any) -> None:
        """Run a node."""
        if threads is not None and threads < 1:
            raise CommandError("--threads must be at least 1.")
        hosts = conf.allowed_hosts()
        if "*" not in hosts and conf.current_host() not in map(str.lower, hosts):
            raise CommandError(str(NodeNotAllowed(host=conf.current_host())))
        scheduler = CarnationScheduler(name=node, threads=threads)
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: scheduler.request_stop())
        with acting(name=scheduler.name, source="engine"):
            self._run(scheduler, once=once)

    def _run(self, scheduler: CarnationScheduler, *, once: bool) -> None:
        try:
            self._say(scheduler.prepare())
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database is not ready (`manage.py migrate` prepares it): {error}") from error
        _favour_the_loop()
        scheduler.run_once() if once else scheduler.run_until_stopped()

    def _say(self, report: Report) -> None:
        for job_id, reason in report.invalid.items():
            self.stderr.write(f"SCHEDULER_JOBS: {job_id} was not loaded: {reason}")
        for job_id in report.removed:
            self.stderr.write(f"SCHEDULER_JOBS: {job_id} is no longer there; the job goes on until it is deleted.")
        self.stdout.write(
            f"SCHEDULER_JOBS: {len(report.added)} added, {len(report.changed)} changed, "
            f"{len(report.unchanged)} unchanged."
        )


def _favour_the_loop() -> None:
    """Let the loop have its turn soon beside bodies that compute, and let no collection of garbage hold all up.

    After each answer of the database the loop asks for the interpreter, which a body that computes gives up only when
    its interval is over; and what the start has brought into memory stays, and need not be looked through again.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
    gc.collect()
    gc.freeze()
