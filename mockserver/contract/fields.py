"""Every name on the wire, once: its type, how often it occurs, and who says so.

The vendor's WSDL is not public. The manual gives the address and the ideas; all names are this
project's. The spyne types, the WSDL's documentation and `koppeling contract fields` are made of
the two tables below.
"""

from dataclasses import dataclass
from enum import Enum

NAMESPACE = "urn:resultatenkoppeling:v3"
OPERATION = "HaalToetsresultaten"
PATH = "/api/v3/results/doclit"
"""Where the service answers (H05)."""

MAX_STAMNUMMERS = 10_000
MAX_BATCH = 500
DEFAULT_BATCH = 100


class Mark(Enum):
    """Where a name or a rule comes from."""

    DOCUMENTED = "D"
    STANDARD = "S"
    VENDOR = "V"
    ASSUMED = "A"

    @property
    def nl(self) -> str:
        """The mark in words, as the WSDL gives it."""
        return {
            "D": "gedocumenteerd in de handleiding",
            "S": "ontleend aan UWLR, OSO of Edu-V",
            "V": "gegeven uit de openbare helppagina's van de leverancier, naam van dit project",
            "A": "aangenomen door dit project",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple type of the schema: a base of XML Schema with bounds.

    base is the XSD name; low and high bound the length of a string and the value of a number;
    digits is the number of decimals.
    """

    name: str
    base: str
    low: str | None = None
    high: str | None = None
    digits: int | None = None
    pattern: str | None = None

    def __str__(self) -> str:
        bounds = f" {self.low}..{self.high}" if self.low is not None else ""
        decimals = f", {self.digits} decimaal" if self.digits else ""
        return f"{self.base}{bounds}{decimals}{f' {self.pattern}' if self.pattern else ''}"


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its name, its type, how often it occurs, its marks, its meaning in Dutch.

    Two marks mean: the datum comes from the first, its form or place from the second.
    """

    name: str
    type: "Simple | Group"
    marks: tuple[Mark, ...]
    meaning: str
    low: int = 1
    high: int = 1

    @property
    def occurs(self) -> str:
        """How often the element may occur: `1`, `0..1`, `0..500`."""
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"

    @property
    def documentation(self) -> str:
        """What the WSDL says about the element."""
        return f"{self.meaning} [{'; '.join(mark.nl for mark in self.marks)}]"


@dataclass(frozen=True, slots=True)
class Group:
    """A complex type: a sequence of elements."""

    name: str
    fields: tuple[Field, ...]


D, S, V, A = Mark.DOCUMENTED, Mark.STANDARD, Mark.VENDOR, Mark.ASSUMED


def _text(name: str, high: int) -> Simple:
    return Simple(name, "string", "1", str(high))


DATE = Simple("date", "date")
DATE_TIME = Simple("dateTime", "dateTime")
STAMNUMMER = Simple("Stamnummer", "string", pattern="[1-9][0-9]{0,7}")
VERVOLGSLEUTEL = _text("Vervolgsleutel", 256)
PERCENTAGE = Simple("Percentage", "decimal", "0", "100", 1)
CIJFER = Simple("Cijfer", "decimal", "1", "10", 1)
NIVEAU = _text("Niveau", 16)
TEKST64 = _text("Tekst64", 64)
TEKST128 = _text("Tekst128", 128)
OPGAVEN = Simple("Opgaven", "int", "0", "999")

STAMNUMMERS = Group(
    "Stamnummers",
    (
        Field(
            "stamnummer",
            STAMNUMMER,
            (D, A),
            "Het stamnummer van een leerling die Magister kent.",
            high=MAX_STAMNUMMERS,
        ),
    ),
)

TOETS = Group(
    "Toets",
    (
        Field("toetscode", TEKST64, (S,), "De code van de toets."),
        Field("versie", _text("Versie", 32), (S,), "De versie van de toets.", low=0),
        Field("toetsnaam", TEKST128, (S,), "De naam van de toets."),
        Field("vakgebied", TEKST64, (V,), "Het vak, zoals Nederlands, Rekenen of Engels."),
        Field("vaardigheid", TEKST64, (V,), "De vaardigheid, zoals lezen of luisteren.", low=0),
        Field(
            "toetsniveau",
            NIVEAU,
            (V,),
            "Het niveau of de niveaus die de toets meet, zoals 2F, 1F-2F of A2-B1.",
            low=0,
        ),
    ),
)

RESULTAAT = Group(
    "Resultaat",
    (
        Field(
            "niveau",
            NIVEAU,
            (V,),
            "Het behaalde niveau; een open lijst: 0F 1F 2F 3F 4F, A1 A2 B1 B2 C1.",
            low=0,
        ),
        Field("aantalopgaven", OPGAVEN, (S,), "Het aantal opgaven van de toets.", low=0),
        Field("aantalgoed", OPGAVEN, (S,), "Het aantal goed gemaakte opgaven.", low=0),
        Field("percentage", PERCENTAGE, (V,), "Het percentage van de punten.", low=0),
        Field("cijfer", CIJFER, (V,), "Het cijfer; alleen bij een niveautoets.", low=0),
        Field(
            "ontwikkelscore",
            Simple("Ontwikkelscore", "int", "0", "200"),
            (V,),
            "De plaats op één doorlopende schaal: 2F = 80, 3F = 100, 4F = 120.",
            low=0,
        ),
    ),
)

ONDERDEEL = Group(
    "Onderdeel",
    (
        Field("naam", TEKST128, (V,), "De naam van het onderdeel."),
        Field("percentage", PERCENTAGE, (V,), "Het percentage van de punten van het onderdeel."),
    ),
)

ONDERDELEN = Group(
    "Onderdelen",
    (Field("onderdeel", ONDERDEEL, (S, V), "Een onderdeel van de toets.", low=0, high=20),),
)

TOETSAFNAME = Group(
    "Toetsafname",
    (
        Field(
            "resultaatid",
            TEKST64,
            (A,),
            "Het kenmerk van dit resultaat: verandert nooit, ook niet na een correctie.",
        ),
        Field("stamnummer", STAMNUMMER, (D,), "Het stamnummer van de leerling."),
        Field("afnamedatum", DATE, (S,), "De dag waarop de toets is gemaakt."),
        Field(
            "verwerkingsdatum",
            DATE_TIME,
            (D, A),
            "Het moment waarop het resultaat definitief werd of voor het laatst is gecorrigeerd, "
            "met tijdzone en milliseconden; hierop is gesorteerd.",
        ),
        Field(
            "leerjaar",
            Simple("Leerjaar", "int", "1", "6"),
            (S,),
            "Het leerjaar van de leerling bij de afname.",
            low=0,
        ),
        Field("toets", TOETS, (S,), "De toets die is gemaakt."),
        Field("resultaat", RESULTAAT, (V, S), "De uitslag."),
        Field("onderdelen", ONDERDELEN, (S, V), "De uitslag per onderdeel.", low=0),
    ),
)

TOETSAFNAMES = Group(
    "Toetsafnames",
    (
        Field(
            "toetsafname",
            TOETSAFNAME,
            (D, S),
            "Eén gemaakte toets met de uitslag, op volgorde van verwerkingsdatum en resultaatid.",
            low=0,
            high=MAX_BATCH,
        ),
    ),
)

REQUEST = Group(
    OPERATION,
    (
        Field(
            "instellingscode",
            _text("Instellingscode", 32),
            (D,),
            "De instellingscode van het JIJ!-account van de school.",
        ),
        Field("soapkey", TEKST64, (D, A), "De SOAP-key van de school voor JIJ!."),
        Field(
            "vanaf",
            DATE,
            (D, A),
            "Alleen resultaten met een verwerkingsdatum op of na deze dag, in Nederlandse tijd; "
            "afwezig: alles. Nooit samen met vervolgsleutel.",
            low=0,
        ),
        Field(
            "vervolgsleutel",
            VERVOLGSLEUTEL,
            (A,),
            "De vervolgsleutel uit het vorige antwoord, ongewijzigd: geeft de volgende batch.",
            low=0,
        ),
        Field(
            "maxaantal",
            Simple("Maxaantal", "int", "1", str(MAX_BATCH)),
            (D, A),
            "Hoeveel resultaten er ten hoogste in de batch mogen zitten; afwezig: "
            f"{DEFAULT_BATCH}. Het kunnen er minder zijn.",
            low=0,
        ),
        Field(
            "stamnummers",
            STAMNUMMERS,
            (D, A),
            "Alleen resultaten van deze leerlingen; afwezig: van alle leerlingen.",
            low=0,
        ),
    ),
)

RESPONSE = Group(
    f"{OPERATION}Response",
    (
        Field("aanmaakdatum", DATE_TIME, (S,), "Wanneer dit antwoord is gemaakt."),
        Field(
            "aantal",
            Simple("Aantal", "int", "0", str(MAX_BATCH)),
            (A,),
            "Het aantal toetsafname hieronder; 0 betekent: er zijn geen resultaten meer.",
        ),
        Field(
            "vervolgsleutel",
            VERVOLGSLEUTEL,
            (A,),
            "Hiermee vraagt u de volgende batch; aanwezig als en alleen als aantal groter is "
            "dan 0.",
            low=0,
        ),
        Field("toetsafnames", TOETSAFNAMES, (D, S), "De batch; altijd aanwezig, eventueel leeg."),
    ),
)

FAULT = Group(
    "fout",
    (
        Field("code", TEKST64, (S,), "De code van de fout, zoals Client.AutorisatieOngeldig."),
        Field("omschrijving", Simple("Omschrijving", "string"), (S,), "Wat er mis is."),
    ),
)


def flat(group: Group, prefix: str = "") -> list[tuple[str, Field]]:
    """Every element below `group` with its path, in document order."""
    rows: list[tuple[str, Field]] = []
    for field in group.fields:
        path = f"{prefix}{field.name}"
        rows.append((path, field))
        if isinstance(field.type, Group):
            rows.extend(flat(field.type, f"{path}/"))
    return rows
