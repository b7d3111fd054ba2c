"""The job form, in its parts: what to run and with which arguments, when, and how."""

from scheduler.admin.job_form.form import JobForm
from scheduler.admin.job_form.policies import GROUPS

__all__ = ["GROUPS", "JobForm"]
