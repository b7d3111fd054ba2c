"""The Celery application of beat and its worker."""

import os
import time
from pathlib import Path

import django
from celery import Celery

django.setup()
app = Celery("benchmarks", broker=os.environ["BROKER_URL"], set_as_current=True)
app.conf.update(task_ignore_result=True, timezone="UTC", enable_utc=True, worker_send_task_events=False)


@app.task(name="note")  # type: ignore[untyped-decorator]
def note(number: int) -> None:
    """Note when this job's body began: one line in a file of this worker process."""
    line = f"{number} {time.time()}\n"
    path = Path(os.environ["NOTES"]) / str(os.getpid())
    with path.open("a") as file:
        file.write(line)
