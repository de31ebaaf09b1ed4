"""Who is at the school."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from mockserver.dataset import curriculum
from mockserver.dataset.curriculum import Place
from mockserver.dataset.recipe import Recipe

Chance = Callable[[], float]
"""`Random.random`: the next number from 0 up to 1."""

FIRST_STAMNUMMER, LAST_STAMNUMMER = 1, 99_999_999
"""Magister's own bounds, as the manual's picture of the stamnummer settings shows them."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil as the school's own JIJ! shows it. The name never goes on the wire.

    talent: the part of the points the pupil scores on an average day, 0..1, per subject.
    known: whether Magister knows the stamnummer.
    """

    stamnummer: int
    name: str
    place: Place
    known: bool
    talent: dict[str, float]


def pupils(recipe: Recipe) -> list[Pupil]:
    """Everybody who was at the school in one of its school years, by rising stamnummer."""
    from faker import Faker  # slow to import, and needed only when data is made

    faker = Faker("nl_NL")
    faker.seed_instance(recipe.seed)
    chance = Random(f"pupils {recipe.seed}").random
    places = list(curriculum.places(recipe))
    drawn = sorted((chance(), index) for index in range(len(places)))
    unknown = {index for _, index in drawn[: recipe.unknown]}
    return [
        Pupil(
            stamnummer=stamnummer,
            name=f"{faker.first_name()} {faker.last_name()}",
            place=place,
            known=index not in unknown,
            talent={subject: 0.45 + 0.4 * chance() for subject in curriculum.SUBJECTS},
        )
        for index, (place, stamnummer) in enumerate(
            zip(places, _stamnummers(len(places), chance), strict=True)
        )
    ]


def _stamnummers(count: int, chance: Chance) -> list[int]:
    """Rising numbers with gaps; a school of some size has the lowest and the highest there is."""
    number, numbers = 10_000, []
    for _ in range(count):
        number += 1 + int(chance() * 6)
        numbers.append(number)
    if count >= 20:
        numbers[0], numbers[-1] = FIRST_STAMNUMMER, LAST_STAMNUMMER
    return numbers
