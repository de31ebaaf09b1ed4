"""One toetsafname as XML text, written once when the data is made and served as it stands.

spyne needs some 70 microseconds to write a toetsafname; a batch of stored fragments costs
nothing to write. A test proves that the fragment is what spyne writes for the same values, byte
for byte. The parts that many results share (`toets`, `uitslag`) are written separately, so that
making a school's data writes them once.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """A part of a test; percentage with one decimal."""

    naam: str
    percentage: str


@dataclass(frozen=True, slots=True)
class Uitslag:
    """The outcome of a test. Numbers are texts as they go on the wire; None: not there."""

    niveau: str | None = None
    aantalopgaven: int | None = None
    aantalgoed: int | None = None
    percentage: str | None = None
    cijfer: str | None = None
    ontwikkelscore: int | None = None
    onderdelen: tuple[Onderdeel, ...] = ()


@dataclass(frozen=True, slots=True)
class Toets:
    """A test as it goes on the wire; None: not there."""

    toetscode: str
    toetsnaam: str
    vakgebied: str
    versie: str | None = None
    vaardigheid: str | None = None
    toetsniveau: str | None = None


def toets(value: Toets) -> str:
    """The toets element."""
    return _wrap(
        "toets",
        _element("toetscode", value.toetscode),
        _element("versie", value.versie),
        _element("toetsnaam", value.toetsnaam),
        _element("vakgebied", value.vakgebied),
        _element("vaardigheid", value.vaardigheid),
        _element("toetsniveau", value.toetsniveau),
    )


def uitslag(value: Uitslag) -> str:
    """The resultaat element, and the onderdelen element where there are parts."""
    parts = [
        _wrap("onderdeel", _element("naam", part.naam), _element("percentage", part.percentage))
        for part in value.onderdelen
    ]
    return _wrap(
        "resultaat",
        _element("niveau", value.niveau),
        _element("aantalopgaven", value.aantalopgaven),
        _element("aantalgoed", value.aantalgoed),
        _element("percentage", value.percentage),
        _element("cijfer", value.cijfer),
        _element("ontwikkelscore", value.ontwikkelscore),
    ) + (_wrap("onderdelen", *parts) if parts else "")


def toetsafname(
    resultaatid: str,
    stamnummer: int,
    afnamedatum: str,
    verwerkingsdatum: str,
    leerjaar: int | None,
    toets_and_uitslag: str,
) -> str:
    """One toetsafname; the dates as they go on the wire, the identifiers plain ASCII."""
    year = f"<tns:leerjaar>{leerjaar}</tns:leerjaar>" if leerjaar else ""
    return (
        f"<tns:toetsafname><tns:resultaatid>{resultaatid}</tns:resultaatid>"
        f"<tns:stamnummer>{stamnummer}</tns:stamnummer>"
        f"<tns:afnamedatum>{afnamedatum}</tns:afnamedatum>"
        f"<tns:verwerkingsdatum>{verwerkingsdatum}</tns:verwerkingsdatum>"
        f"{year}{toets_and_uitslag}</tns:toetsafname>"
    )


def _wrap(name: str, *children: str) -> str:
    content = "".join(children)
    return f"<tns:{name}>{content}</tns:{name}>" if content else f"<tns:{name}/>"


def _element(name: str, value: str | int | None) -> str:
    return "" if value is None else f"<tns:{name}>{escape(str(value))}</tns:{name}>"
