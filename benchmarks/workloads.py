"""A contestant's process: does the workload that the command line names, and prints its result as JSON."""

import json
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any


def do_workload(workloads: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """python -m MODULE WORKLOAD PARAMETERS, the latter as JSON."""
    # By an exception, so that nodes and servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    workload, parameters = sys.argv[1:]
    result = workloads[workload](**json.loads(parameters))
    print(json.dumps(result), flush=True)
