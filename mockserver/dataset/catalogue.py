"""The tests, with the vendor's real levels, pass marks and grade rule (its public help pages)."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TypedDict

from mockserver import fragment

REFERENCE_SCORE = {"0F": 40, "1F": 60, "2F": 80, "3F": 100, "4F": 120}
"""The ontwikkelscore at which a level is reached: one scale. The vendor gives 2F, 3F and 4F; 0F
and 1F are drawn on in the same steps."""

LANGUAGES = ("Engels", "Duits", "Frans", "Spaans")
MARKED_BY_TEACHER = frozenset({"schrijven", "spreken", "gesprekken"})
"""Skills that no computer marks: their verwerkingsdatum is days to weeks after the sitting."""

_LEVEL_ONLY = frozenset({"spreken"})
"""Skills of which the teacher gives the level, not the points."""

_ONE = {"0F": (20, 65), "1F": (20, 65), "2F": (20, 63), "3F": (20, 60)}
_REKENEN = {
    "0F-1F": ("20", "42.5", "76.5"),
    "1F-2F": ("20", "42.5", "76.5"),
    "2F-3F": ("20", "41.5", "75"),
    "1F-2F-3F": ("20", "38.25", "70.85", "91.5"),
}
_OTHER = {1: (30, 80), 2: (30, 66, 86), 3: (30, 57, 75, 88)}


def marks(vakgebied: str, levels: tuple[str, ...]) -> tuple[Fraction, ...]:
    """The threshold and then the pass mark of each level, in percent of the points."""
    if vakgebied != "Rekenen":
        return tuple(Fraction(mark) for mark in _OTHER[len(levels)])
    if len(levels) == 1:
        return tuple(Fraction(mark) for mark in _ONE[levels[0]])
    return tuple(Fraction(mark) for mark in _REKENEN["-".join(levels)])


def cijfer(percentage: Fraction, threshold: Fraction, pass_mark: Fraction) -> str:
    """The grade of a niveautoets, one decimal: 1.0 up to the threshold, then linear to 5.4 just
    below the pass mark, 5.5 at it, linear to 10.0 at 100 %."""
    if percentage <= threshold:
        grade = Fraction(1)
    elif percentage < pass_mark:
        grade = 1 + Fraction(44, 10) * (percentage - threshold) / (pass_mark - threshold)
    else:
        grade = Fraction(55, 10) + Fraction(45, 10) * (percentage - pass_mark) / (100 - pass_mark)
    return one_decimal(grade)


def one_decimal(value: Fraction) -> str:
    """A non-negative number with one decimal, halves up."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


class Items(TypedDict, total=False):
    """How many items a test has and how many were right, where a computer counts them."""

    aantalopgaven: int
    aantalgoed: int


@dataclass(frozen=True)
class Assessment:
    """A test of the catalogue: how it goes on the wire, and what its outcomes are made of.

    points: the most one can score. plain: an oriëntatietoets, which gives a percentage only, and
    is not tied to a leerjaar.
    """

    toets: fragment.Toets
    levels: tuple[str, ...]
    points: int
    plain: bool = False
    parts: tuple[str, ...] = ()

    @property
    def by_teacher(self) -> bool:
        """Whether a teacher marks it, days to weeks after the sitting."""
        return self.toets.vaardigheid in MARKED_BY_TEACHER

    def outcome(self, good: int) -> fragment.Uitslag:
        """The outcome of so many points."""
        percentage = Fraction(100 * good, self.points)
        shown = one_decimal(percentage)
        items: Items = {} if self.by_teacher else {"aantalopgaven": self.points, "aantalgoed": good}
        if self.plain:
            return fragment.Uitslag(percentage=shown, **items)
        threshold, *passes = marks(self.toets.vakgebied, self.levels)
        reached = [
            level for level, mark in zip(self.levels, passes, strict=True) if percentage >= mark
        ]
        return fragment.Uitslag(
            niveau=reached[-1] if reached else None,
            percentage=None if self.toets.vaardigheid in _LEVEL_ONLY else shown,
            cijfer=cijfer(percentage, threshold, passes[0]) if len(passes) == 1 else None,
            ontwikkelscore=_ontwikkelscore(percentage, self.levels, threshold, passes),
            onderdelen=self._parts(good),
            **items,
        )

    def _parts(self, good: int) -> tuple[fragment.Onderdeel, ...]:
        """The points spread over the parts, the first parts being the easier ones."""
        size = self.points // max(1, len(self.parts))
        made = []
        for index, name in enumerate(self.parts):
            left = len(self.parts) - index
            here = min(size, -(-good // left))
            good -= here
            made.append(fragment.Onderdeel(name, one_decimal(Fraction(100 * here, size))))
        return tuple(made)


def _ontwikkelscore(
    percentage: Fraction, levels: tuple[str, ...], threshold: Fraction, passes: list[Fraction]
) -> int | None:
    """The place on the one scale: a level's own score at its pass mark, linear in between."""
    if levels[0] not in REFERENCE_SCORE:
        return None
    scores = [REFERENCE_SCORE[level] for level in levels]
    xs = [Fraction(0), threshold, *passes, Fraction(100)]
    ys = [scores[0] - 25, scores[0] - 20, *scores, scores[-1] + 10]
    for x0, x1, y0, y1 in zip(xs, xs[1:], ys, ys[1:], strict=False):
        if percentage <= x1:
            return int(y0 + (y1 - y0) * (percentage - x0) / (x1 - x0) + Fraction(1, 2))
    raise AssertionError(f"a percentage over 100: {percentage}")


class Written(dict[int, str]):
    """The toets and uitslag elements of a test as XML text, by the number of points; each is made
    when first asked for."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__()
        self._assessment = assessment
        self._toets = fragment.toets(assessment.toets)

    def __missing__(self, good: int) -> str:
        made = self[good] = self._toets + fragment.uitslag(self._assessment.outcome(good))
        return made


written = cache(Written)


_CODES = {
    "Nederlands": "NE",
    "Rekenen": "RE",
    "Engels": "EN",
    "Duits": "DU",
    "Frans": "FR",
    "Spaans": "SP",
    "lezen": "LE",
    "luisteren": "LU",
    "taalverzorging": "TV",
    "schrijven": "SC",
    "spreken": "SP",
    "gesprekken": "GE",
}
_PARTS = {
    "Rekenen": ("Getallen", "Verhoudingen", "Meten & meetkunde", "Verbanden"),
    "taalverzorging": ("Spelling", "Interpunctie", "Grammatica"),
    "lezen": ("Zakelijke teksten", "Fictionele, narratieve & literaire teksten"),
}


@cache
def assessment(vakgebied: str, vaardigheid: str | None, levels: tuple[str, ...]) -> Assessment:
    """The test of a subject and skill at these levels: one level is a niveautoets, more a
    combinatietoets. A skill of None at a language is the oriëntatietoets."""
    plain = vaardigheid is None and vakgebied != "Rekenen"
    niveau = "-".join(levels)
    kind = "oriëntatietoets" if plain else "combinatietoets" if len(levels) > 1 else "niveautoets"
    codes = [_CODES[vakgebied], *([_CODES[vaardigheid]] if vaardigheid else [])]
    subject = f"{vakgebied} {vaardigheid}" if vaardigheid else vakgebied
    by_teacher = vaardigheid in MARKED_BY_TEACHER
    return Assessment(
        toets=fragment.Toets(
            toetscode="-".join([*codes, kind[0].upper(), *([] if plain else [niveau])]),
            versie=None if by_teacher else "2.1" if plain else "3.0",
            toetsnaam=f"{subject} {'– ' if plain else niveau + ' '}{kind}",
            vakgebied=vakgebied,
            vaardigheid=vaardigheid,
            toetsniveau=None if plain else niveau,
        ),
        levels=levels,
        points=30 if by_teacher else 20 if plain else 36 + 12 * len(levels),
        plain=plain,
        parts=() if plain else _PARTS.get(vaardigheid or vakgebied, ()),
    )
