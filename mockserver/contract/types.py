"""The spyne types and the operation, made of the field tables."""

from decimal import Decimal as Number
from functools import cache
from typing import Any

from spyne import (
    Application,
    ComplexModel,
    Date,
    DateTime,
    Decimal,
    Fault,
    Integer32,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.const.xml import NS_SOAP11_ENV
from spyne.model.complex import ComplexModelMeta
from spyne.protocol.soap import Soap11

from mockserver.contract import fields
from mockserver.contract.model import Field, Group, Simple

TRANSPORT = "http://schemas.xmlsoap.org/soap/http"
_PREFIX = "soap"

_BASES = {
    "string": Unicode,
    "int": Integer32,
    "decimal": Decimal,
    "date": Date,
    "dateTime": DateTime,
}


def _facets(simple: Simple) -> dict[str, Any]:
    """The bounds of a simple type in spyne's words."""
    facets: dict[str, Any] = {}
    if simple.pattern:
        facets["pattern"] = simple.pattern
    if simple.digits:
        facets["fraction_digits"] = simple.digits
    if simple.low is not None and simple.high is not None:
        number = Number if simple.base == "decimal" else int
        low, high = number(simple.low), number(simple.high)
        names = ("min_len", "max_len") if simple.base == "string" else ("ge", "le")
        facets.update(zip(names, (low, high), strict=True))
    return facets


def _element(field: Field) -> Any:
    """The spyne type of one element. A named type gets its namespace, or spyne's leaks out."""
    occurs = {
        "min_occurs": field.low,
        "max_occurs": field.high,
        "nillable": False,
        "doc": field.documentation,
    }
    if isinstance(field.type, Group):
        return complex_type(field.type).customize(**occurs)
    facets = _facets(field.type)
    base = _BASES[field.type.base]
    if not facets:
        return base.customize(**occurs)
    made = base.customize(type_name=field.type.name, **facets, **occurs)
    made.__namespace__ = fields.NAMESPACE
    return made


@cache
def complex_type(group: Group, base: type = ComplexModel) -> Any:
    """The spyne class of a group: always the same one for the same group."""
    members = [(field.name, _element(field)) for field in group.fields]
    return ComplexModelMeta(
        group.name,
        (base,),
        {"__namespace__": fields.NAMESPACE, "__type_name__": group.name, "_type_info": members},
    )


Request = complex_type(fields.REQUEST)
Response = complex_type(fields.RESPONSE)
Toetsafnames = complex_type(fields.TOETSAFNAMES)
Toetsafname = complex_type(fields.TOETSAFNAME)
Toets = complex_type(fields.TOETS)
Resultaat = complex_type(fields.RESULTAAT)
Onderdeel = complex_type(fields.ONDERDEEL)
Fout = complex_type(fields.FAULT, Fault)


class Toetsresultaten(ServiceBase):  # type: ignore[misc]  # spyne has no types
    """The service. One operation is enough."""

    @rpc(Request, _returns=Response, _body_style="bare", _throws=[Fout])
    def HaalToetsresultaten(ctx, _request):  # type: ignore[no-untyped-def]  # noqa: N802, N805
        """Geeft de volgende batch resultaten van een school.

        The stages between reading and writing have made the answer (`mockserver.wire`); the
        operation hands it to spyne.
        """
        return ctx.udc


class SoapProtocol(Soap11):  # type: ignore[misc]  # spyne has no types
    """SOAP 1.1 with milliseconds in every dateTime, whatever the value, and a plain prefix."""

    soap_env = _PREFIX

    def __init__(self) -> None:
        super().__init__(parse_xsi_type=False)
        self._to_unicode_handlers[DateTime] = lambda _cls, value: value.isoformat(
            timespec="milliseconds"
        )


def application() -> Any:
    """The spyne application of the contract, with prefixes that name no library."""
    made = Application(
        [Toetsresultaten],
        tns=fields.NAMESPACE,
        name="Toetsresultaten",
        in_protocol=SoapProtocol(),
        out_protocol=SoapProtocol(),
    )
    made.transport = TRANSPORT
    made.interface.nsmap = {"tns": fields.NAMESPACE, _PREFIX: NS_SOAP11_ENV}
    made.interface.prefmap.update({NS_SOAP11_ENV: _PREFIX})
    return made
