"""Typed calls over SOAP. The only user of zeep: it reads the WSDL, writes calls, reads faults."""

from datetime import date
from pathlib import Path
from typing import Any

import requests
import urllib3.exceptions
import zeep.exceptions
import zeep.helpers
from lxml import etree
from zeep import Client, Plugin
from zeep import Settings as ZeepSettings
from zeep.transports import Transport

from client import rows
from client.errors import ImportFailed, Refused, Unavailable, Unreadable
from client.messages import Batch
from client.settings import Settings

VERVOLGSLEUTEL_ONGELDIG = "Client.VervolgsleutelOngeldig"
_CONNECT, _READ = 10, 120
"""Seconds to wait for a connection, and for the next bytes of an answer."""

_NAMESPACE = "urn:resultatenkoppeling:v3"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_CONTAINER = f".//{{{_NAMESPACE}}}toetsafnames"
_FAULT = f".//{{{_NAMESPACE}}}fout/{{{_NAMESPACE}}}"


class ResultsService:
    """The web service of the settings. Making one reads the WSDL. Raises ImportFailed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rows = _Rows()
        session = _Session(settings.ca)
        session.max_redirects = 0  # a redirect would send the SOAP-key on to another place
        # zeep's strict reading stays on: without it lxml mends a cut answer into a short one
        with _explained(settings.wsdl):
            self._client = Client(
                settings.wsdl,
                transport=Transport(
                    session=session, timeout=_CONNECT, operation_timeout=(_CONNECT, _READ)
                ),
                settings=ZeepSettings(forbid_dtd=True, forbid_entities=True),
                plugins=[self._rows],
            )
            row_type = self._client.get_type(f"{{{_NAMESPACE}}}Toetsafname")
        self._decode_row = rows.decoder(row_type)

    def fetch(self, vanaf: date | None = None, vervolgsleutel: str | None = None) -> Batch:
        """One batch (H17): the one after `vervolgsleutel`, or the first from the day `vanaf` on.

        Raises ImportFailed.
        """
        with _explained(self._settings.wsdl):
            self._rows.taken = None
            answer = self._client.service.HaalToetsresultaten(
                instellingscode=self._settings.instellingscode,
                soapkey=self._settings.soapkey,
                **self._optional(vanaf, vervolgsleutel),
            )
        taken = self._rows.taken
        if answer is None or answer.aantal is None or taken is None:
            raise Unreadable("the answer lacks its result; import again, nothing of it was stored")
        self._check(answer, len(taken))
        return Batch(rows.decode(taken, self._decode_row), answer.vervolgsleutel)

    def _optional(self, vanaf: date | None, vervolgsleutel: str | None) -> dict[str, Any]:
        """The elements that this call has; None is left out, or zeep would send it empty."""
        known = self._settings.known if self._settings.send_known else None
        values = {
            "vanaf": vanaf,
            "vervolgsleutel": vervolgsleutel,
            "stamnummers": None if known is None else {"stamnummer": sorted(known, key=int)},
        }
        return {name: value for name, value in values.items() if value is not None}

    @staticmethod
    def _check(answer: Any, count: int) -> None:
        """An odd answer is an error, never an empty batch."""
        if answer.aantal != count:
            raise Unreadable(
                f"the answer announces {answer.aantal} results and holds {count}; import again, "
                "nothing of it was stored"
            )
        if bool(count) != bool(answer.vervolgsleutel):
            raise Unreadable(
                "the answer's vervolgsleutel does not fit its number of results; report it to the "
                "vendor's help desk"
            )


class _Session(requests.Session):
    """Trusts the given authority, where requests would let REQUESTS_CA_BUNDLE go before."""

    def __init__(self, ca: Path | None) -> None:
        super().__init__()
        self._ca = str(ca) if ca else None

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """What holds for one request."""
        given = self._ca or verify
        return super().merge_environment_settings(url, proxies, stream, given, cert)


class _Rows(Plugin):
    """Takes the rows out of an answer before zeep sees them: `rows` decodes them faster."""

    def __init__(self) -> None:
        self.taken: list[etree._Element] | None = None

    def ingress(self, envelope: Any, http_headers: Any, operation: Any) -> Any:
        """Called by zeep with each answer, before it decodes it."""
        body = envelope.find(_BODY)
        if body is not None and not len(body):
            raise zeep.exceptions.XMLParseError("an empty Body")  # zeep itself trips over it
        container = envelope.find(_CONTAINER)
        self.taken = None
        if container is not None:
            self.taken = list(container)
            container.clear()
        return envelope, http_headers


class _explained:  # noqa: N801  # used as a statement: with _explained(address)
    """Turns what zeep and requests raise into an ImportFailed with one line for the user."""

    def __init__(self, wsdl: str) -> None:
        self._wsdl = wsdl

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        explained = error and _explain(error, self._wsdl)
        if explained:
            raise explained from error


_ODD = "the answer of {wsdl} is not one of the service: {reason}; check the web service address"

_CAUSES: tuple[tuple[type[Exception], type[ImportFailed], str], ...] = (
    (
        requests.TooManyRedirects,
        Unreadable,
        "{wsdl} sends on to another address; the SOAP-key is not sent there. Fill in the address "
        "that the vendor gives",
    ),
    (
        requests.HTTPError,
        Unreadable,
        "no WSDL at {wsdl} (HTTP status {status}); check the web service address, its path is "
        "/api/v3/results/doclit?wsdl",
    ),
    (
        requests.exceptions.SSLError,
        Unreadable,
        "the certificate of {wsdl} is not trusted, so nothing was sent; if it is your own server, "
        "name its authority with --ca",
    ),
    (requests.Timeout, Unavailable, "{wsdl} does not answer in time; import again later"),
    (
        requests.RequestException,
        Unavailable,
        "can't reach {wsdl}; check the web service address and the network, or import again later",
    ),
    (
        urllib3.exceptions.HTTPError,  # requests lets some of them through
        Unavailable,
        "can't reach {wsdl}; check the web service address",
    ),
    (
        zeep.exceptions.TransportError,
        Unreadable,
        "{wsdl} answers with HTTP status {status} and no SOAP message; check the web service "
        "address",
    ),
    (zeep.exceptions.Error, Unreadable, _ODD),
    (etree.XMLSyntaxError, Unreadable, _ODD),
)
"""What zeep and requests raise, the first that fits, and what the user is told of it."""

_PASSING = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses that may be over the next time."""


def _explain(error: BaseException, wsdl: str) -> ImportFailed | None:
    """The error in the words of the user, or None where it is a mistake of this program."""
    if isinstance(error, zeep.exceptions.Fault):
        return _refusal(error)
    status = getattr(error, "status_code", None)
    if isinstance(error, requests.HTTPError) and error.response is not None:
        status = error.response.status_code
    for cause, kind, text in _CAUSES:
        if isinstance(error, cause):
            reason = str(error).split("\n", 1)[0][:200]
            passing = status in _PASSING
            return (Unavailable if passing else kind)(
                text.format(wsdl=wsdl, status=status, reason=reason)
                + ("; import again later" if passing else "")
            )
    return None


def _refusal(fault: zeep.exceptions.Fault) -> ImportFailed:
    """A SOAP fault: the detail of the contract where there is one, else SOAP's own code."""
    detail = fault.detail if isinstance(fault.detail, etree._Element) else None
    code = detail.findtext(f"{_FAULT}code") if detail is not None else None
    text = detail.findtext(f"{_FAULT}omschrijving") if detail is not None else None
    code = code or str(fault.code or "")
    text = text or fault.message or "no reason given"
    if not code:
        return Unavailable(f"the service fails without a SOAP message: {text}; import again later")
    if "Server" in code:
        return Unavailable(f"the service fails: {text} ({code}); import again later")
    return Refused(code, f"the service refuses: {text} ({code})")
