"""Every write: one function, one use case, one transaction. Whoever writes a job, calls one of these.

Lock order everywhere: the schedule first, then the job, so that no edit deadlocks with a claim. Before both, where a
calendar is changed or named, the row of the scheduler's state.
"""
