"""What crosses the boundary between two stages. Imports nothing of ours.

    Request -> Call -> Grant -> Batch -> Reply -> Exchange

Each is frozen: a stage makes a new one and changes none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in, before anybody judged it. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One HaalToetsresultaten request, valid against the contract's schema.

    `soapkey` is kept out of the representation, so that no log can print it by accident.
    """

    instellingscode: str
    soapkey: "Secret"
    vanaf: date | None = None
    vervolgsleutel: str | None = None
    maxaantal: int = 100
    stamnummers: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A SOAP-key. Shows its last two characters at the most."""

    value: str

    def __repr__(self) -> str:
        return f"Secret({self})"

    def __str__(self) -> str:
        shown = self.value[-2:] if len(self.value) >= 8 else ""
        return f"…{shown}"


@dataclass(frozen=True, slots=True)
class Grant:
    """The school that the key and the instellingscode of a call give access to."""

    school: int
    scenario: str
    instellingscode: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a good call is answered with.

    `toetsafnames` holds the stored XML of `aantal` toetsafname elements as UTF-8, in the order of
    the contract. `nummer` counts the batches of a series from 1; it is for people, not on the wire.
    """

    aanmaakdatum: datetime
    aantal: int
    vervolgsleutel: str | None
    toetsafnames: bytes
    nummer: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, ready to be sent."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, with what each stage made of it; None: it never got there.

    `milliseconds` is the time from the request's last byte to the answer's first. `breaches` are
    what a lenient school let pass. `incident` tells where a mistake of this program was made.
    """

    at: datetime
    request: Request
    reply: Reply
    milliseconds: float
    call: Call | None = None
    grant: Grant | None = None
    batch: Batch | None = None
    fault: str | None = None
    reason: str | None = None
    breaches: tuple[str, ...] = ()
    incident: str | None = None
