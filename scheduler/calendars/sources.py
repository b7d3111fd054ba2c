"""Public holidays by country, from the `holidays` package; for China, `chinesecalendar` knows the make-up days too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import holidays
from chinese_calendar import constants as china
from holidays.registry import COUNTRIES

from scheduler.triggers import Sentence, SpecialDay

# The State Council swaps weekends and working days around holidays, and says so for one year at a time (调休).
_WITH_MAKEUP_DAYS = frozenset({"CN"})
# The package says the years of its rules; that some holidays of India are known for fewer, it says in a warning only.
_FEWER_YEARS = {"IN": (2001, 2035)}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Whose public holidays: a country's, or of a part of it; with `makeup_days`, also the weekends that it works."""

    country: str
    subdivision: str = ""
    makeup_days: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is data for it."""
        if self.makeup_days and not has_makeup_days(self.country):
            return False
        return self.country in countries() and self.subdivision in ("", *subdivisions_of(self.country))

    @property
    def years(self) -> range:
        """The years of which the days are known: rules reach far, make-up days as far as they are decreed."""
        if self.makeup_days:
            years = {day.year for day in china.holidays}
            return range(min(years), max(years) + 1)
        first, last = _years_of(self.country)
        return range(first, last + 1)

    @property
    def known_until(self) -> date:
        """The last day of which it is known whether people work."""
        return date(self.years[-1], 12, 31)

    def days_of(self, year: int) -> Mapping[date, SpecialDay]:
        """Return the days of a year that are not what their weekday says."""
        return _days_of(self, year)


@cache
def countries() -> Mapping[str, str]:
    """Return the names of the countries whose public holidays are known, by their ISO code of two letters."""
    named = {codes[1]: name.replace("_", " ").title() for name, codes in COUNTRIES.items()}
    return dict(sorted(named.items(), key=lambda each: each[1]))


@cache
def subdivisions_of(country: str) -> tuple[str, ...]:
    """Return the codes of the parts of a country that have holidays of their own."""
    return tuple(holidays.list_supported_countries(include_aliases=False)[country]) if country in countries() else ()


def has_makeup_days(country: str) -> bool:
    """Tell whether it is known on which weekends this country works in exchange for days off."""
    return country in _WITH_MAKEUP_DAYS


@cache
def _years_of(country: str) -> tuple[int, int]:
    if country in _FEWER_YEARS:
        return _FEWER_YEARS[country]
    rules = holidays.country_holidays(country)
    return rules.start_year, rules.end_year


# A calendar is asked for one year after the other; many years of many countries fit.
@lru_cache(maxsize=4_096)
def _days_of(source: Source, year: int) -> Mapping[date, SpecialDay]:
    if source.makeup_days:
        off = {day: _china(name, is_working=False) for day, name in china.holidays.items() if day.year == year}
        return off | {day: _china(name, is_working=True) for day, name in china.workdays.items() if day.year == year}
    return {
        day: SpecialDay(is_working=False, name=name) for day, name in _holidays_about(source, year) if day.year == year
    }


def _china(name: str, *, is_working: bool) -> SpecialDay:
    """Return a day of China's, whose name the faces can say in Chinese."""
    return SpecialDay(is_working=is_working, name=Sentence(name))


def _holidays_about(source: Source, year: int) -> list[tuple[date, str]]:
    """Return the holidays of a year and its neighbours, whose days in lieu may fall into it."""
    years = [each for each in (year - 1, year, year + 1) if each in source.years]
    found = holidays.country_holidays(
        source.country,
        subdiv=source.subdivision or None,
        years=years,
        expand=False,
        language=_english_of(source.country),
    )
    return list(found.items())


@cache
def _english_of(country: str) -> str:
    """Return the English in which a country's holidays have names: without one, the environment's language decides."""
    languages = holidays.country_holidays(country).supported_languages
    return next((language for language in languages if language.startswith("en")), "en_US")
