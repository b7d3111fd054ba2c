"""The project's settings, with the tasks of the benchmarks and no declared jobs."""

from carnation.settings import *  # noqa: F403
from carnation.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.engine"]
SCHEDULER_JOBS = []
# An overloaded node is not waited for.
SCHEDULER_SHUTDOWN_GRACE_SECONDS = 1
