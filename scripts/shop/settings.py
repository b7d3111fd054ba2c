"""Carnation's settings, with the shop's tasks, and no declared jobs."""

from carnation.settings import *  # noqa: F403
from carnation.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "scripts.shop"]
SCHEDULER_JOBS = []
