"""Which school a call may see: the key first, then the school of the key (H04, H06, H07).

Knows nothing of XML, of results or of the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest

from mockserver.faults import Kind, Refusal
from mockserver.messages import Call, Grant, Secret


@dataclass(frozen=True, slots=True)
class Door:
    """A school's keys and the grant that they give: the JIJ! key opens, the TOA key is known."""

    grant: Grant
    soapkey: Secret
    toa_soapkey: Secret


def grant(call: Call, doors: Sequence[Door]) -> Grant:
    """The school that the call may see.

    Every key is compared, as bytes and in constant time, so that the time taken tells nothing.
    A stranger learns nothing about schools: the instellingscode is looked at only once the key
    is good. Raises Refusal.
    """
    key = call.soapkey.value.encode()
    opened = None
    toa = False
    for door in doors:
        if compare_digest(key, door.soapkey.value.encode()):
            opened = door
        toa |= compare_digest(key, door.toa_soapkey.value.encode())
    if opened is None:
        raise Refusal(Kind.AUTORISATIE_TOA if toa else Kind.AUTORISATIE_ONGELDIG)
    if call.instellingscode != opened.grant.instellingscode:
        raise Refusal(Kind.KLANT_ONGELDIG)
    return opened.grant
