"""What the pupils sat, how they did, and when it was final."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from hashlib import blake2s
from itertools import count
from random import Random
from typing import NamedTuple

from mockserver.dataset import calendar, curriculum
from mockserver.dataset.catalogue import Assessment, written
from mockserver.dataset.pupils import Chance, Pupil, pupils
from mockserver.dataset.recipe import Recipe
from mockserver.fragment import toetsafname

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
_ID_BITS = 40
_ID_STEP = 0x9E3779B1
"""Odd, so that stepping by it meets every identifier once, in an order that tells nothing."""


class Result(NamedTuple):
    """A result as it is stored: `processed` is the verwerkingsdatum in milliseconds since 1970,
    `fragment` the whole toetsafname as XML."""

    processed: int
    resultaatid: str
    stamnummer: int
    fragment: str


class _Sitting(NamedTuple):
    """A class that makes a test on a day; `start` in milliseconds after midnight."""

    assessment: Assessment
    day: date
    start: int
    leerjaar: int
    pupils: list[Pupil]
    at_once: bool


def results(recipe: Recipe, instellingscode: str) -> list[Result]:
    """Every result of the school, in the contract's order: verwerkingsdatum, resultaatid."""
    chance = Random(f"results {recipe.seed}").random
    ids = _identifiers(instellingscode)
    made: list[Result] = []
    for sitting in _sittings(recipe, Random(f"sittings {recipe.seed}").random):
        made.extend(_sit(sitting, recipe.absent, chance, ids))
    made.sort()
    return made


def _identifiers(instellingscode: str) -> Iterator[str]:
    """Identifiers that no two schools share, and that say nothing of the order or the pupil."""
    digest = blake2s(instellingscode.encode(), digest_size=8).digest()
    school, start = digest[:3].hex(), int.from_bytes(digest[3:], "big")
    mask = (1 << _ID_BITS) - 1
    return (f"{school}-{number & mask:010x}" for number in count(start, _ID_STEP))


def _sittings(recipe: Recipe, chance: Chance) -> Iterator[_Sitting]:
    """All sittings of the school, year by year and class by class; then the big days."""
    classes: defaultdict[tuple[str, int, str], list[Pupil]] = defaultdict(list)
    for pupil in pupils(recipe):
        classes[pupil.place].append(pupil)
    for school_year in recipe.school_years:
        days = calendar.test_days(school_year)
        for place, members, leerjaar in _present(classes, int(school_year[:4])):
            for assessment in curriculum.tests(place[0], leerjaar, recipe.tests):
                day = days[int(chance() * len(days))]
                start = 8 * HOUR + 30 * MINUTE + int(chance() * 7) * 50 * MINUTE
                yield _Sitting(assessment, day, start, leerjaar, members, False)
    for big in recipe.days:
        year = int(calendar.school_year_of(big.date)[:4])
        for place, members, leerjaar in _present(classes, year):
            for n, assessment in enumerate(curriculum.tests(place[0], leerjaar, big.tests)):
                start = 9 * HOUR + n * HOUR
                yield _Sitting(assessment, big.date, start, leerjaar, members, big.at_once)


def _present(
    classes: dict[tuple[str, int, str], list[Pupil]], year: int
) -> Iterator[tuple[tuple[str, int, str], list[Pupil], int]]:
    """The classes that are at the school in the school year that starts in `year`."""
    for place, members in classes.items():
        leerjaar = year - place[1] + 1
        if 1 <= leerjaar <= curriculum.YEARS[place[0]]:
            yield place, members, leerjaar


def _sit(sitting: _Sitting, absent: float, chance: Chance, ids: Iterator[str]) -> Iterator[Result]:
    """The results of one sitting. This is the hot loop: some microseconds a result."""
    assessment = sitting.assessment
    outcomes, points = written(assessment), assessment.points
    subject = assessment.toets.vakgebied
    leerjaar = None if assessment.plain else sitting.leerjaar
    sat = sitting.day.isoformat()
    day, moment, spread = _finality(sitting, chance)
    midnight, stamp = day.midnight, day.stamp
    for pupil in sitting.pupils:
        if chance() < absent:
            continue
        part = pupil.talent[subject] + (chance() + chance() - 1.0) * 0.3
        good = max(0, min(points, int(part * points)))
        final = moment + int(chance() * spread)
        resultaatid = next(ids)
        xml = toetsafname(
            resultaatid, pupil.stamnummer, sat, stamp(final), leerjaar, outcomes[good]
        )
        yield Result(midnight + final, resultaatid, pupil.stamnummer, xml)


def _finality(sitting: _Sitting, chance: Chance) -> tuple[calendar.Day, int, int]:
    """When the results become final: the day, the first millisecond of it, and over how many they
    are spread. A computer marks within minutes; a teacher days to weeks later, and mostly makes
    the whole class final with one press."""
    day, hour = sitting.day, 45 * MINUTE
    if sitting.at_once:
        return calendar.day(day), 17 * HOUR, 0
    if not sitting.assessment.by_teacher:
        return calendar.day(day), sitting.start + hour, 20 * MINUTE
    later = calendar.lesson_day_after(day, 3 + int(chance() * 25))
    evening = 16 * HOUR + int(chance() * 5 * HOUR)
    return calendar.day(later), evening, 0 if chance() < 0.7 else 40 * MINUTE
