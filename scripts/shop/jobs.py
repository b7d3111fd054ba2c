"""The shop's tasks."""

import logging
from typing import Any

from scheduler.current import current_execution
from scheduler.registry import task

logger = logging.getLogger(__name__)


@task
def import_orders(source: str, batch_size: int = 500) -> dict[str, int]:
    """Import the orders of a marketplace, batch by batch."""
    execution, batches = current_execution(), 600
    for number in range(1, batches + 1):
        execution.progress(number, batches, f"batch {number} of {batches}")
        print(f"{source}: {number * batch_size} orders read, {number * 3} new")
        if number == 214:
            logger.warning("Order 20261125-0913 has no postcode; it waits for somebody to look at it.")
        if number > 230 and execution.wait(1):
            return {"batches": number}
    return {"batches": batches}


@task
def send_invoices(month: str, dry_run: bool = False) -> int:
    """Send the invoices of a month."""
    print(f"Invoices of {month}{' (dry run)' if dry_run else ''}")
    return sum(_send(invoice) for invoice in _invoices_of(month))


@task
def nightly_report(kind: str = "sales") -> str:
    """Write the report of the day before."""
    print(f"Report: {kind}")
    return f"/reports/{kind}.pdf"


@task
def refresh_prices(supplier: str) -> dict[str, Any]:
    """Fetch a supplier's prices."""
    print(f"{supplier}: 1,204 prices, 17 changed")
    return {"supplier": supplier, "changed": 17}


@task
def clean_up(folder: str, days: int = 30) -> int:
    """Delete what is older than so many days."""
    print(f"{folder}: 81 files deleted")
    return 81


@task
def check_shop(url: str) -> int:
    """Ask the shop whether it is well."""
    print(f"GET {url}: 200 in 38 ms")
    return 200


@task
def close_month() -> None:
    """Close the books of the month."""
    print("closed")


def _invoices_of(month: str) -> list[dict[str, str]]:
    return [{"number": f"{month}-{number:04}", "customer": "" if number == 7 else "Müller"} for number in range(1, 9)]


def _send(invoice: dict[str, str]) -> int:
    if not invoice["customer"]:
        raise LookupError(f"Invoice {invoice['number']} has no customer.")
    print(f"Invoice {invoice['number']} sent")
    return 1
