"""Simulation: what jobs would do in the next days, and what a change would do to that. Pure: values in, values out.

simulate(present, {"job1": changed}, question, calendars=calendars).findings
"""

from scheduler.simulation.changes import Change
from scheduler.simulation.findings import Finding, Spread
from scheduler.simulation.heat import HeatMap, Peak
from scheduler.simulation.running import Load, Simulation, simulate
from scheduler.simulation.subjects import Durations, Question, Subject

__all__ = [
    "Change",
    "Durations",
    "Finding",
    "HeatMap",
    "Load",
    "Peak",
    "Question",
    "Simulation",
    "Spread",
    "Subject",
    "simulate",
]
