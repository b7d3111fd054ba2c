"""Descriptions: the rule of a trigger, the conditions laid over it, and the triggers that it combines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Claim, Condition, Rule
from scheduler.words.phrases import fill, say_sentences


@dataclass(frozen=True)
class Description:
    """All that is said of one trigger."""

    rule: Rule
    conditions: tuple[Condition, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rule and its conditions."""
        return (self.rule, *self.conditions)

    @property
    def parts(self) -> "tuple[Description, ...]":
        """The descriptions of the triggers that are combined."""
        return self.rule.parts if isinstance(self.rule, Combined) else ()

    @property
    def is_complete(self) -> bool:
        """Whether every moment of which all claims hold is one of the trigger's."""
        return all(claim.is_complete for claim in self.conditions) and all(part.is_complete for part in self.parts)

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether all claims are true of a moment in the zone of the trigger."""
        return all(claim.holds(moment, calendars) for claim in self.claims)

    def say(self, zone: str, *, begins: bool = False) -> str:
        """Return whole sentences, about what runs or about what `begins`."""
        return self._say(self.rule.say_sentence(zone, begins=begins), "")

    def say_part(self, number: str) -> str:
        """Return the sentences of one of several rules, with its number."""
        rule = fill(pgettext("rule", "Rule %(number)s: %(when)s."), number=number, when=self.rule.say())
        return self._say(rule, f"{number}.")

    def _say(self, first: str, prefix: str) -> str:
        return say_sentences(
            [
                first,
                *(condition.say() for condition in self.conditions),
                *(part.say_part(f"{prefix}{number}") for number, part in enumerate(self.parts, 1)),
            ]
        )


@dataclass(frozen=True)
class Combined(Rule):
    """What several triggers have in common, or what any of them has."""

    parts: tuple[Description, ...]


@dataclass(frozen=True)
class AnyOf(Combined):
    """What any of the triggers has."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Ask them."""
        return any(part.holds(moment, calendars) for part in self.parts)

    def say(self) -> str:
        """Announce the parts."""
        return _("whenever any of these rules is due")


@dataclass(frozen=True)
class AllOf(Combined):
    """What all of the triggers have in common."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Ask them."""
        return all(part.holds(moment, calendars) for part in self.parts)

    def say(self) -> str:
        """Announce the parts."""
        return _("whenever all of these rules are due at once")
