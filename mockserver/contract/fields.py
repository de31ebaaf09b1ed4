"""Every name on the wire, once: its type, how often it occurs, and who says so.

The vendor's WSDL is not public. The manual gives the address and the ideas; all names are this
project's. The spyne types, the WSDL's documentation and `koppeling contract fields` are made of
the two tables below.
"""

from mockserver.contract.model import Field, Group, Mark, Simple

NAMESPACE = "urn:resultatenkoppeling:v3"
OPERATION = "HaalToetsresultaten"
PATH = "/api/v3/results/doclit"
"""Where the service answers (H05)."""

MAX_STAMNUMMERS = 10_000
MAX_BATCH = 500
DEFAULT_BATCH = 100


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
