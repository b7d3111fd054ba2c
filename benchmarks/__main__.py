"""Run all benchmarks, or those named: python -m benchmarks [--rounds N] [NAME...]"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from benchmarks import api
from benchmarks.report import Measurement, machine, print_as_json, print_tables
from tests.servers import NoServerError

BENCHMARKS: Mapping[str, Callable[[int], Iterator[Measurement]]] = {"api": api.measure}


def main() -> None:
    """Print each measurement as a line of JSON, then all of them as tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (5)")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}: choose from {', '.join(BENCHMARKS)}")
    print_as_json(machine())
    for name in options.names or BENCHMARKS:
        measurements = []
        for measurement in BENCHMARKS[name](options.rounds):
            print_as_json(measurement.as_dict())
            measurements.append(measurement)
        print_tables(measurements)


if __name__ == "__main__":
    # By an exception, so that servers are stopped and databases dropped on the way out.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        main()
    except NoServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
