"""From bytes to a tree: decoded strictly, scanned, parsed once by a parser that trusts nothing."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from lxml import etree

from mockserver.faults import Kind, Refusal
from mockserver.limits import Limits

_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']*)["']""")
_VERSION = re.compile(r"""version\s*=\s*["']([^"']*)["']""")
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_FETCHED = (f"{{{_INSTANCE}}}schemaLocation", f"{{{_INSTANCE}}}noNamespaceSchemaLocation")


def parse(body: bytes, charset: str | None, limits: Limits) -> etree._Element:
    """The root of the message. charset: what HTTP says, None: nothing. Raises Refusal."""
    text = _without_declaration(_decode(body, charset))
    _scan(text, limits)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=True,
    )
    try:
        root: etree._Element = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = (error.position or (0, 0))[0]
        raise _refused(f"Het bericht is geen welgevormde XML (regel {line}).") from None
    if _too_deep(limits.depth)(root):
        raise _refused(f"Elementen mogen hooguit {limits.depth} diep in elkaar zitten.")
    if root.xpath("boolean(//processing-instruction() | /processing-instruction())"):
        raise _refused("Een SOAP-bericht mag geen processing instruction bevatten.")
    if root.xpath("boolean(//*[not(*)]/comment())"):
        raise _refused("Een waarde mag geen commentaar bevatten.")
    # a validator would look for the schemas that these name
    etree.strip_attributes(root, *_FETCHED)
    return root


def _refused(reason: str) -> Refusal:
    return Refusal(Kind.ONGELDIG_BERICHT, reason)


def _decode(body: bytes, charset: str | None) -> str:
    """The text of the message: UTF-8, or UTF-16 with a byte order mark."""
    if not body.strip():
        raise _refused("Het bericht is leeg.")
    wide = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if charset and wide != (charset == "utf-16"):
        raise _refused("De bytes zijn niet in de charset die de Content-Type noemt.")
    try:
        return body.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        name = "UTF-16" if wide else "UTF-8"
        raise _refused(f"Het bericht is geen {name} (byte {error.start}).") from None


def _without_declaration(text: str) -> str:
    """The text without its XML declaration, whose word on the encoding must agree. What remains of
    it is white space: the lines keep their numbers."""
    found = _DECLARATION.match(text)
    if not found:
        return text
    version, encoding = _VERSION.search(found[0]), _ENCODING.search(found[0])
    if version and version[1] != "1.0":
        raise _refused("Alleen XML 1.0 wordt ondersteund.")
    if encoding and encoding[1].lower() not in ("utf-8", "utf-16", "us-ascii"):
        raise _refused("De XML-declaratie moet encoding utf-8 of utf-16 noemen.")
    return "\n" * found[0].count("\n") + text[found.end() :]


def _scan(text: str, limits: Limits) -> None:
    """What is refused, or too much, before a parser spends any time on it."""
    if "<!DOCTYPE" in text:
        raise _refused("Een SOAP-bericht mag geen DOCTYPE bevatten.")
    if text.count("<") > limits.tags or text.count("=") > limits.equals_signs:
        raise _refused("Het bericht heeft te veel elementen of attributen.")


def _too_deep(depth: int) -> etree.XPath:
    """Tells whether an element lies deeper than `depth`."""
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")
