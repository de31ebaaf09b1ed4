"""Hostile or malformed bytes end here, before spyne sees them.

Order: method, media type, charset, size (`http`) -> decode, DOCTYPE, one hardened parse
(`document`) -> one Envelope, Body and operation, mustUnderstand (`envelope`) -> the schema and
SOAPAction (`schema`). What could still be understood is a breach: the caller decides whether it is
refused (a strict school) or only noted (a lenient one). The rest is refused at once.
"""

from mockserver.faults import Refusal
from mockserver.guard import document, envelope, http, schema
from mockserver.guard.breach import Admitted, Breach, HttpRefusal, Note
from mockserver.limits import Limits
from mockserver.messages import Request

__all__ = ["Admitted", "Breach", "HttpRefusal", "admit"]


def admit(request: Request, limits: Limits) -> Admitted:
    """The envelope of a request that spyne can read, with the breaches that it holds.

    Raises HttpRefusal, Refusal.
    """
    breaches: list[Breach] = []
    note: Note = breaches.append
    charset = http.check(request, limits, note)
    try:
        tree = document.parse(request.body, charset, limits)
        operation = envelope.operation(tree)
        schema.check(operation, note)
        schema.check_action(request.headers.get("soapaction"), note)
    except Refusal:
        for first in breaches:  # of several mistakes the first is refused
            raise first from None
        raise
    return Admitted(tree, tuple(breaches))
