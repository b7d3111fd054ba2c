"""What changed between two runs of a job: its definition, its arguments, the version of the code, the node."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.models import Execution, Job, Node
from scheduler.recent.definitions import definitions_of
from scheduler.recent.runs import RecentRuns
from scheduler.revisions import Difference, compare


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The last failure beside the last success, and the nodes that ran them, where those are on record.

    `changes` are what was another for the failure than for the success, in their definitions and their arguments; None
    where a definition is not on record any more.
    """

    success: Execution
    failure: Execution
    success_node: Node | None
    failure_node: Node | None
    changes: Sequence[Difference] | None

    @property
    def is_same(self) -> bool:
        """Whether nothing is known to differ."""
        return self.changes == [] and not any(self._differing_nodes())

    def _differing_nodes(self) -> Iterator[bool]:
        """Yield whether the nodes differ in what is on record of both of them."""
        if self.success_node and self.failure_node:
            for name in ("name", "version", "code_version"):
                before, after = getattr(self.success_node, name), getattr(self.failure_node, name)
                yield bool(before and after) and before != after


def compare_ends(runs: RecentRuns, job_id: str, job: Job | None) -> Comparison | None:
    """Compare the last failure with the last success; None where the recent runs lack one of them.

    Three statements. The job may be gone.
    """
    success, failure = runs.last_success, runs.last_failure
    if success is None or failure is None:
        return None
    nodes = Node.objects.in_bulk({each.node_id for each in (success, failure) if each.node_id})
    definitions = definitions_of(job_id, job, (success, failure))
    are_known = success.pk in definitions and failure.pk in definitions
    return Comparison(
        success=success,
        failure=failure,
        success_node=nodes.get(success.node_id or 0),
        failure_node=nodes.get(failure.node_id or 0),
        changes=compare(definitions[success.pk], definitions[failure.pk]) if are_known else None,
    )
