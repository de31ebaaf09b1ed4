"""What the guard hands on: an envelope, and what was wrong with it that could be understood."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from mockserver.faults import Refusal


class HttpRefusal(Exception):
    """Refused by HTTP's own rules, before there is any SOAP. `text` is for the caller, Dutch."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


Breach = HttpRefusal | Refusal
"""A mistake that a strict school refuses and a lenient one notes."""

Note = Callable[[Breach], None]
"""Takes a breach."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """An envelope that can be read, and its breaches in the order in which they are refused."""

    envelope: etree._Element
    breaches: tuple[Breach, ...]
