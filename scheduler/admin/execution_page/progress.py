"""How far a body said it has come, as the page shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scheduler.models import ExecutionOutput


@dataclass(frozen=True, kw_only=True)
class ShownProgress:
    """The body's words, the numbers, and the percents for the bar; None where it did not say of how much."""

    text: str
    numbers: str
    percent: int | None

    @property
    def share(self) -> str:
        """The percents as text."""
        return _("%s %%") % self.percent


def progress_of(output: ExecutionOutput) -> ShownProgress | None:
    """Return what the body reported; None where it reported nothing."""
    done, total, text = output.progress_done, output.progress_total, output.progress_text
    if done is None:
        return ShownProgress(text=text, numbers="", percent=None) if text else None
    if total is None:
        return ShownProgress(text=text, numbers=f"{done:g}", percent=None)
    numbers = _("%(done)s of %(total)s") % {"done": f"{done:g}", "total": f"{total:g}"}
    percent = round(min(max(100 * done / total, 0), 100)) if total else None
    return ShownProgress(text=text, numbers=numbers, percent=percent)
