"""What the recent runs of one job tell, at the same cost however long its history is.

runs = read_recent("backup")
runs.success_rate, runs.durations.p95
"""

from scheduler.recent.comparing import Comparison, compare_ends
from scheduler.recent.runs import LATEST, Percentiles, RecentRuns, read_recent

__all__ = ["LATEST", "Comparison", "Percentiles", "RecentRuns", "compare_ends", "read_recent"]
