"""Policies for clock changes: which times on the wall count where some do not exist, and others come twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.triggers.clock import Change, Span
from scheduler.triggers.wall import WallRule

GAP_POLICIES = ("skip", "at_shift", "same_offset")
OVERLAP_POLICIES = ("first", "second", "both")


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What becomes of occurrences in a gap, and in an overlap."""

    gap: str
    overlap: str

    @classmethod
    def of(cls, rule: WallRule, *, gap: str | None = None, overlap: str | None = None) -> "Policies":
        """Return the policies that were chosen, or what Vixie cron on Debian does with such a rule."""
        follows = rule.follows_the_clock
        return cls(
            gap=gap or ("skip" if follows else "at_shift"),
            overlap=overlap or ("both" if follows else "first"),
        )


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A span as the policies see it: an occurrence is due when the wall shows a time from `lower` until `upper`.

    From `settled` on nothing is due but that: what a gap has swallowed is over, and so are the repeated times.
    """

    span: Span
    offset: timedelta
    lower: datetime
    upper: datetime
    settled: datetime
    gap: Change | None

    @classmethod
    def of(cls, span: Span, policies: Policies) -> "Stretch":
        lower, upper, settled, last, following = (
            span.wall(span.start),
            span.wall(span.end),
            span.start,
            span.last,
            span.next,
        )
        if last and not last.is_gap and policies.overlap == "first":
            lower = max(lower, last.old_wall)
        if following and not following.is_gap and policies.overlap == "second":
            upper = min(upper, following.new_wall)
        if last:
            settled = max(settled, last.at + abs(last.after - last.before))
        gap = last if last and last.is_gap and policies.gap != "skip" else None
        return cls(span=span, offset=span.offset, lower=lower, upper=upper, settled=settled, gap=gap)
