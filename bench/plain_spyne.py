"""The same service as one would write it with spyne alone: objects in, spyne does the rest."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from mockserver.contract import fields, types  # first: it makes spyne importable

# ruff: isort: split
from spyne import Application, ServiceBase, rpc
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

from mockserver.contract.model import Field, Group

NS = f"{{{fields.NAMESPACE}}}"
_READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


def application(database: str) -> Any:
    """A WSGI application that keeps the first results as objects and lets spyne do the rest."""
    rows = _objects(database)

    class Service(ServiceBase):  # type: ignore[misc]  # spyne has no types
        @rpc(types.Request, _returns=types.Response, _body_style="bare")
        def HaalToetsresultaten(ctx, request):  # type: ignore[no-untyped-def]  # noqa: N802, N805
            page = rows[: request.maxaantal]
            return types.Response(
                aanmaakdatum=datetime.now(UTC),
                aantal=len(page),
                vervolgsleutel="t",
                toetsafnames=types.Toetsafnames(toetsafname=page),
            )

    protocols = {"in_protocol": Soap11(validator="lxml"), "out_protocol": Soap11()}
    return WsgiApplication(Application([Service], fields.NAMESPACE, **protocols))


def same_results(one: bytes, other: bytes) -> bool:
    """Whether two answers hold the same results: the comparison is of like with like."""
    ids = [
        [node.text for node in etree.fromstring(answer).iter(f"{NS}resultaatid")]
        for answer in (one, other)
    ]
    return ids[0] == ids[1]


def _objects(database: str) -> list[Any]:
    """The school's first results as spyne objects."""
    connection = sqlite3.connect(database)
    query = "SELECT fragment FROM result ORDER BY school, position LIMIT 500"
    made = [_object(_element(text), fields.TOETSAFNAME) for (text,) in connection.execute(query)]
    connection.close()
    return made


def _element(text: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:tns="{fields.NAMESPACE}">{text}</x>')[0]


def _object(element: etree._Element, group: Group) -> Any:
    """The spyne object of an element."""
    values: dict[str, Any] = {}
    for field in group.fields:
        found = [_value(child, field) for child in element.iterfind(f"{NS}{field.name}")]
        if found:
            values[field.name] = found if field.high > 1 else found[0]
    return types.complex_type(group)(**values)


def _value(element: etree._Element, field: Field) -> Any:
    if isinstance(field.type, Group):
        return _object(element, field.type)
    return _READ[field.type.base](element.text or "")
