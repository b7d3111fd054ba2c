"""The tasks of the benchmarks."""

from scheduler.registry import task


@task
def no_op() -> None:
    """Do nothing."""
