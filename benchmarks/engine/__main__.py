"""Do a workload with Carnation: python -m benchmarks.engine WORKLOAD PARAMETERS"""

import django

from benchmarks.workloads import do_workload


def main() -> None:
    """Do it on the database of DATABASE_URL."""
    django.setup()
    from benchmarks.engine import burst, crowd, idle, pages, pickup, startup, steady, timetravel

    do_workload(
        {
            "burst": burst.burst,
            "statements": burst.statements,
            "steady": steady.steady,
            "store": startup.store,
            "startup": startup.startup,
            "idle": idle.idle,
            "pickup": pickup.pickup,
            "timetravel": timetravel.time_travel,
            "crowd": crowd.fill,
            "pages": pages.pages,
        }
    )


if __name__ == "__main__":
    main()
