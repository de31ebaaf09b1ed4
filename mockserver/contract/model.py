"""What the contract's tables are made of: marks, types and elements."""

from dataclasses import dataclass
from enum import Enum


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


def flat(group: Group, prefix: str = "") -> list[tuple[str, Field]]:
    """Every element below `group` with its path, in document order."""
    rows: list[tuple[str, Field]] = []
    for field in group.fields:
        path = f"{prefix}{field.name}"
        rows.append((path, field))
        if isinstance(field.type, Group):
            rows.extend(flat(field.type, f"{path}/"))
    return rows
