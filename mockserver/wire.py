"""XML <-> messages. With `contract` the only user of spyne, and the seam for another contract.

spyne reads the call and writes the envelope; the results go into it as they were stored.
"""

from typing import Any

from lxml import etree
from spyne import Fault as SoapFault
from spyne import MethodContext
from spyne.server import ServerBase

from mockserver.contract import fields, types
from mockserver.faults import Kind, Refusal
from mockserver.messages import Batch, Call, Reply, Secret

MEDIA_TYPE = "text/xml; charset=utf-8"
_EMPTY = b"<tns:toetsafnames/>"
_METHOD = f"{{{fields.NAMESPACE}}}{fields.OPERATION}"


class _Transport(ServerBase):  # type: ignore[misc]  # spyne has no types
    """What carries a message for spyne: our own stages do, over HTTP."""

    transport = types.TRANSPORT


class Wire:
    """The contract's messages, read and written by spyne."""

    def __init__(self) -> None:
        self._transport = _Transport(types.application())
        self._in = self._transport.app.in_protocol

    def read(self, envelope: etree._Element) -> Call:
        """The call in an envelope that the guard has let through."""
        context = MethodContext(self._transport, MethodContext.SERVER)
        context.in_document = (envelope, {})
        self._in.decompose_incoming_envelope(context)
        (context,) = self._in.generate_method_contexts(context)
        self._transport.get_in_object(context)
        if context.in_error is not None:
            raise Refusal(Kind.ONGELDIG_BERICHT) from context.in_error
        given = context.in_object
        numbers = given.stamnummers and given.stamnummers.stamnummer
        return Call(
            instellingscode=given.instellingscode,
            soapkey=Secret(given.soapkey),
            vanaf=given.vanaf,
            vervolgsleutel=given.vervolgsleutel,
            maxaantal=given.maxaantal or fields.DEFAULT_BATCH,
            stamnummers=frozenset(map(int, numbers)) if numbers else None,
        )

    def write(self, batch: Batch) -> Reply:
        """The answer with a batch in it."""
        context = self._context()
        context.udc = types.Response(
            aanmaakdatum=batch.aanmaakdatum,
            aantal=batch.aantal,
            vervolgsleutel=batch.vervolgsleutel,
            toetsafnames=types.Toetsafnames(),
        )
        self._transport.get_out_object(context)
        self._transport.get_out_string(context)
        before, container, after = b"".join(context.out_string).partition(_EMPTY)
        if batch.aantal:
            container = b"<tns:toetsafnames>%b</tns:toetsafnames>" % batch.toetsafnames
        return Reply(200, MEDIA_TYPE, before + container + after)

    def write_fault(self, refusal: Refusal) -> Reply:
        """The answer that says why not."""
        context = self._context()
        detail = etree.Element(f"{{{fields.NAMESPACE}}}{fields.FAULT.name}")
        for name, text in (("code", refusal.fault.code), ("omschrijving", refusal.reason)):
            etree.SubElement(detail, f"{{{fields.NAMESPACE}}}{name}").text = text
        context.out_error = SoapFault(refusal.fault.soap, refusal.reason, detail=detail)
        self._transport.get_out_string(context)
        return Reply(refusal.fault.status, MEDIA_TYPE, b"".join(context.out_string))

    def _context(self) -> Any:
        """A fresh context of the operation, to write an answer in."""
        context = MethodContext(self._transport, MethodContext.SERVER)
        context.method_request_string = _METHOD
        (context,) = self._in.generate_method_contexts(context)
        return context
