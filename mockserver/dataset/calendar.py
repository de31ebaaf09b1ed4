"""On which days a Dutch school tests, and what time it is there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY_MS = 24 * 60 * 60 * 1000

_HOLIDAY_WEEKS = frozenset({1, 8, 17, 18, *range(29, 35), 43, 52, 53})
"""ISO weeks without lessons: Christmas, spring, May, summer, autumn. Real schools shift a week
by region and year; these weeks are a fair mean of the regions."""

_MONTH_WEIGHTS = {9: 5, 10: 5, 11: 2, 12: 1, 1: 1, 2: 1, 3: 2, 4: 5, 5: 5, 6: 5, 7: 1, 8: 0}
"""How many of the sittings fall in a month: most in September-October and April-June."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day in Dutch time: its date as text, its midnight in milliseconds since 1970, its offset.

    Schools test between the clock changes (which fall on Sundays at night), so one offset serves
    the whole day.
    """

    text: str
    midnight: int
    offset: str

    def stamp(self, milliseconds: int) -> str:
        """The dateTime at so many milliseconds after midnight, as it goes on the wire."""
        seconds, ms = divmod(milliseconds, 1000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{self.text}T{hour:02}:{minute:02}:{second:02}.{ms:03}{self.offset}"


@cache
def day(value: date) -> Day:
    """The day at `value` in Dutch time."""
    noon = datetime(value.year, value.month, value.day, 12, tzinfo=AMSTERDAM)
    offset = noon.utcoffset() or timedelta()
    noon_ms = int(noon.timestamp()) * 1000
    hours = int(offset.total_seconds()) // 3600
    return Day(value.isoformat(), noon_ms - DAY_MS // 2, f"+{hours:02}:00")


@cache
def school_days(school_year: str) -> tuple[date, ...]:
    """The days of a school year on which there are lessons: no weekend, no holiday."""
    first = date(int(school_year[:4]), 8, 1)
    last = date(first.year + 1, 7, 31)
    closed = _moving_holidays(first.year) | _moving_holidays(last.year)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        day
        for day in every
        if day.weekday() < 5 and day.isocalendar().week not in _HOLIDAY_WEEKS and day not in closed
    )


def _moving_holidays(year: int) -> set[date]:
    """Good Friday, Easter Monday, Ascension Day and the Friday after it, Whit Monday. The fixed
    public holidays fall in the weeks above."""
    return {easter(year) + timedelta(days=days) for days in (-2, 1, 39, 40, 50)}


@cache
def test_days(school_year: str) -> tuple[date, ...]:
    """The same days, each as often as its month weighs: to draw the day of a sitting from."""
    return tuple(day for day in school_days(school_year) for _ in range(_MONTH_WEIGHTS[day.month]))


def school_year_of(value: date) -> str:
    """The school year of a day: 1 August to 31 July (H13)."""
    first = value.year if value.month >= 8 else value.year - 1
    return f"{first}-{first + 1}"


def lesson_day_after(value: date, days: int) -> date:
    """The first day with lessons at least so many days later."""
    wanted = value + timedelta(days=days)
    while True:
        year = school_year_of(wanted)
        later = next((day for day in school_days(year) if day >= wanted), None)
        if later:
            return later
        wanted = date(int(year[5:]), 8, 1)
