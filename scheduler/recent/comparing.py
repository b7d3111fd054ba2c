"""What changed between two runs of a job: its definition, its arguments, the code's version, the node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from scheduler.models import Execution, Job, Node
from scheduler.recent.definitions import definitions_of
from scheduler.recent.runs import RecentRuns

_ARGUMENTS = ("args", "kwargs")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that was another for the one run than for the other."""

    name: str
    success: Any
    failure: Any


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two runs, and what it ran with: its arguments, None where nobody knows, and its node."""

    execution: Execution
    arguments: Mapping[str, Any]
    definition: Mapping[str, Any] | None
    node: Node | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The last failure beside the last success; `differences` name what is known to have changed between them.

    `is_known` is false where a definition is not on record any more.
    """

    success: Side
    failure: Side
    differences: list[Difference] = field(default_factory=list)
    is_known: bool = True


def compare_ends(runs: RecentRuns, job_id: str, job: Job | None) -> Comparison | None:
    """Compare the last failure with the last success; None where the recent runs lack one of them.

    Three statements. The job may be gone.
    """
    if runs.last_failure is None or runs.last_success is None:
        return None
    pair = {each.pk: each for each in (runs.last_success, runs.last_failure)}
    own = {row["pk"]: row for row in Execution.objects.filter(pk__in=pair).values("pk", *_ARGUMENTS)}
    nodes = Node.objects.in_bulk({each.node_id for each in pair.values() if each.node_id})
    definitions = definitions_of(job_id, job, {each.revision for each in pair.values()})
    success, failure = (
        _side(each, own.get(each.pk, {}), definitions.get(each.revision), nodes) for each in pair.values()
    )
    is_known = success.execution.revision == failure.execution.revision or bool(
        success.definition and failure.definition
    )
    return Comparison(
        success=success, failure=failure, differences=list(_differences(success, failure)), is_known=is_known
    )


def _side(
    execution: Execution, own: Mapping[str, Any], definition: Mapping[str, Any] | None, nodes: Mapping[int, Node]
) -> Side:
    arguments = {name: definition and definition[name] if own.get(name) is None else own[name] for name in _ARGUMENTS}
    node = nodes.get(execution.node_id or 0)
    return Side(execution=execution, arguments=arguments, definition=definition, node=node)


def _differences(success: Side, failure: Side) -> Iterator[Difference]:
    if success.definition and failure.definition:
        for name in success.definition:
            if name not in _ARGUMENTS:
                yield from _difference(_label(name), success.definition[name], failure.definition[name])
    for name in _ARGUMENTS:
        yield from _difference(_label(name), success.arguments[name], failure.arguments[name])
    if success.node and failure.node:
        yield from _difference(_("Version of the code"), success.node.version, failure.node.version)
        yield from _difference(_("Node"), success.node.name, failure.node.name)


def _difference(name: str, success: Any, failure: Any) -> Iterator[Difference]:
    if success != failure:
        yield Difference(name=name, success=success, failure=failure)


def _label(column: str) -> str:
    described: Any = Job._meta.get_field(column)
    return capfirst(str(described.verbose_name))
