"""HTTP's side of a call: method, media type, charset, size."""

from werkzeug.http import parse_options_header

from mockserver.contract import fields
from mockserver.guard.breach import HttpRefusal, Note
from mockserver.limits import Limits
from mockserver.messages import Request

MEDIA_TYPE = "text/xml"
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}
"""The charsets that are read, and as what. Everything else is refused by name: Python would also
decode utf-7, base64 and worse."""


def check(request: Request, limits: Limits, note: Note) -> str | None:
    """The charset that the Content-Type names, None where it names none. Raises HttpRefusal."""
    if request.path != fields.PATH:
        raise HttpRefusal(404, f"Hier is niets; het adres is {fields.PATH}?wsdl.")
    if request.method != "POST":
        raise HttpRefusal(405, f"Gebruik POST voor een aanroep en GET {fields.PATH}?wsdl.")
    media_type, options = parse_options_header(request.headers.get("content-type"))
    if media_type != MEDIA_TYPE:
        note(HttpRefusal(415, f"De Content-Type moet {MEDIA_TYPE} zijn, zoals in SOAP 1.1."))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpRefusal(415, "Stuur het bericht zonder Content-Encoding.")
    named = options.get("charset", "").lower()
    if named and named not in _CHARSETS:
        raise HttpRefusal(415, "De charset moet utf-8 of utf-16 zijn.")
    if len(request.body) > limits.body:
        raise HttpRefusal(413, f"Een bericht mag hooguit {limits.body} bytes groot zijn.")
    return _CHARSETS.get(named)
