"""What the service answers, in Python's types: the contract's names, Dutch as on the wire."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Toets:
    """The test that was made."""

    toetscode: str
    toetsnaam: str
    vakgebied: str
    versie: str | None = None
    vaardigheid: str | None = None
    toetsniveau: str | None = None


@dataclass(frozen=True, slots=True)
class Resultaat:
    """The outcome. Any of it may be missing."""

    niveau: str | None = None
    aantalopgaven: int | None = None
    aantalgoed: int | None = None
    percentage: Decimal | None = None
    cijfer: Decimal | None = None
    ontwikkelscore: int | None = None


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """The outcome of a part of the test."""

    naam: str
    percentage: Decimal


@dataclass(frozen=True, slots=True)
class Onderdelen:
    """The parts of a test."""

    onderdeel: tuple[Onderdeel, ...] = ()


@dataclass(frozen=True, slots=True)
class Toetsafname:
    """One test made by one pupil. `verwerkingsdatum` has its offset."""

    resultaatid: str
    stamnummer: str
    afnamedatum: date
    verwerkingsdatum: datetime
    toets: Toets
    resultaat: Resultaat
    leerjaar: int | None = None
    onderdelen: Onderdelen | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer. An empty one means: no more results are found (H20)."""

    toetsafnames: tuple[Toetsafname, ...]
    vervolgsleutel: str | None
