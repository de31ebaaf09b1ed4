"""Which classes a school has, and which tests a class makes in a year."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

from mockserver.dataset.catalogue import LANGUAGES, Assessment, assessment
from mockserver.dataset.recipe import Recipe

YEARS = {"vmbo": 4, "havo": 5, "vwo": 6}
"""How many years each school type takes; it ends at 2F, 3F and 3F (Nederlands 4F)."""

SUBJECTS = ("Nederlands", "Rekenen", *LANGUAGES)
_CLASS_SIZE = 28
_NEVER_TESTED = "2024-2025"
"""The school year whose pupils a school has that never tested."""

_REFERENCE = {
    "vmbo": ("0F-1F", "1F-2F", "2F", "2F"),
    "havo": ("1F-2F", "1F-2F-3F", "2F-3F", "3F", "3F"),
    "vwo": ("1F-2F", "1F-2F-3F", "2F-3F", "3F", "3F", "3F"),
}
_ERK = {
    "vmbo": ("A1", "A1-A2", "A2", "A2-B1"),
    "havo": ("A1-A2", "A2", "A2-B1", "B1", "B1-B2"),
    "vwo": ("A1-A2", "A2-B1", "B1", "B1-B2", "B2", "B2-C1"),
}
_PLAN: tuple[tuple[str, str | None], ...] = (
    ("Rekenen", None),
    ("Nederlands", "lezen"),
    ("Engels", "lezen"),
    ("Nederlands", "taalverzorging"),
    ("Engels", "luisteren"),
    ("Nederlands", "schrijven"),
    ("Frans", "lezen"),
    ("Duits", "luisteren"),
    ("Nederlands", "luisteren"),
    ("Engels", "gesprekken"),
    ("Spaans", None),
    ("Duits", "spreken"),
)


class Place(NamedTuple):
    """A pupil's place: the school type, the year of entering it, the parallel class."""

    school_type: str
    entry: int
    group: str


def places(recipe: Recipe) -> Iterator[Place]:
    """A place for every pupil who was there in one of the recipe's school years."""
    starts = [int(year[:4]) for year in recipe.school_years or (_NEVER_TESTED,)]
    size = max(1, round(recipe.pupils / sum(YEARS.values())))
    room = recipe.pupils if recipe.pupils < sum(YEARS.values()) else None
    cohorts = [
        (school_type, entry)
        for school_type, length in YEARS.items()
        for entry in range(min(starts) - length + 1, max(starts) + 1)
    ]
    everybody = (
        Place(school_type, entry, ascii_lowercase[n // _CLASS_SIZE % 26])
        for (school_type, entry), n in product(cohorts, range(size))
    )
    for count, place in enumerate(everybody):
        if room is not None and count >= room:
            return
        yield place


@cache
def tests(school_type: str, leerjaar: int, count: int) -> tuple[Assessment, ...]:
    """The tests of a class in a year: each year starts elsewhere in the plan."""
    chosen = (_PLAN[(leerjaar * 5 + n) % len(_PLAN)] for n in range(count))
    return tuple(
        assessment(subject, skill, _levels(subject, school_type, leerjaar))
        for subject, skill in chosen
    )


def _levels(subject: str, school_type: str, leerjaar: int) -> tuple[str, ...]:
    if subject == "Nederlands" and (school_type, leerjaar) == ("vwo", 6):
        return ("4F",)
    if subject in ("Nederlands", "Rekenen"):
        return tuple(_REFERENCE[school_type][leerjaar - 1].split("-"))
    later = 0 if subject == "Engels" else 1
    return tuple(_ERK[school_type][max(0, leerjaar - 1 - later)].split("-"))
