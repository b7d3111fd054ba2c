"""Why a job did, or did not, run at an instant: gathers what is known, and decides.

explain_instant("backup", "2026-11-25T09:00", now=now).sentence
"""

from datetime import datetime

from scheduler.explanations.answers import Explanation, Verdict
from scheduler.explanations.deciding import decide
from scheduler.explanations.facts import gather

__all__ = ["Explanation", "Verdict", "explain_instant"]


def explain_instant(job_id: str, at: str, *, now: datetime) -> Explanation:
    """Explain an instant, which is read in the job's zone where it names no offset.

    One that is given to the minute means that whole minute. The job may be gone: its history remains. Raises
    JobNotFound for a job of which nothing is on record, and InvalidInput naming `at`.
    """
    return decide(gather(job_id, at, now=now))
