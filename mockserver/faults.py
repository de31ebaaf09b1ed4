"""Every refusal in one table: code, SOAP code, HTTP status, Dutch text, clause.

The codes are UWLR's words where UWLR has one; none is documented by the vendor. A stage refuses
a call by raising `Refusal`; only the wire knows how that looks in XML.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of refusal.

    code: the text of detail/fout/code. soap: the local name of faultcode, in SOAP's own
    namespace. status: the HTTP status. text: the faultstring, Dutch. source: the manual's clause,
    or the text that makes it necessary.
    """

    code: str
    soap: str
    text: str
    source: str
    status: int = 500


class Kind(Enum):
    """The faults of the contract."""

    ONGELDIG_BERICHT = Fault(
        "Client.OngeldigBericht", "Client", "Het bericht is ongeldig.", "SOAP 1.1 §4.4"
    )
    VERSIE = Fault(
        "Client.OngeldigBericht",
        "VersionMismatch",
        "Alleen SOAP 1.1 wordt ondersteund.",
        "SOAP 1.1 §4.1.2",
    )
    MUST_UNDERSTAND = Fault(
        "Client.OngeldigBericht",
        "MustUnderstand",
        "Een verplichte header wordt niet begrepen.",
        "SOAP 1.1 §4.2.3",
    )
    AUTORISATIE_ONGELDIG = Fault(
        "Client.AutorisatieOngeldig",
        "Client",
        "De SOAP-key geeft geen toegang tot de toetsresultaten van JIJ!.",
        "H03",
    )
    AUTORISATIE_TOA = Fault(
        "Client.AutorisatieOngeldig",
        "Client",
        "Deze SOAP-key is van TOA en werkt niet voor JIJ!.",
        "H07",
    )
    KLANT_ONGELDIG = Fault(
        "Client.OngeldigeKlantIdentificatie",
        "Client",
        "De instellingscode hoort niet bij deze SOAP-key.",
        "H06",
    )
    VERVOLGSLEUTEL_ONGELDIG = Fault(
        "Client.VervolgsleutelOngeldig",
        "Client",
        "De vervolgsleutel is ongeldig of verlopen; begin opnieuw met vanaf.",
        "H15",
    )
    NIET_BESCHIKBAAR = Fault(
        "Server.TijdelijkNietBeschikbaar",
        "Server",
        "De dienst is tijdelijk niet beschikbaar; probeer het later opnieuw.",
        "contract",
    )
    INTERNE_FOUT = Fault(
        "Server.InterneFout", "Server", "Er is een interne fout opgetreden.", "contract"
    )


class Refusal(Exception):
    """A stage refuses the call. `reason` tells this caller, in Dutch, what to send instead."""

    def __init__(self, kind: Kind, reason: str | None = None) -> None:
        super().__init__(kind.value.code, reason)
        self.fault = kind.value
        self.reason = reason or kind.value.text

    def __str__(self) -> str:
        return self.reason
