"""Valid envelopes, mutated by byte, tag, attribute, order and encoding: nothing gets past.

FUZZ_EXAMPLES says how many; `make fuzz` asks for 10,000.
"""

import os
import random
import re
import resource
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Engine

from mockserver.contract.publication import schema
from tests.bad_inputs import SECOND, Target, target
from tests.envelopes import ENVELOPE, NAMESPACE

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500"))
MEMORY = 150 * 1024 * 1024
ELEMENTS = [
    "<r:instellingscode>$CODE</r:instellingscode>",
    "<r:soapkey>$KEY</r:soapkey>",
    "<r:vanaf>2024-08-01</r:vanaf>",
    "<r:maxaantal>3</r:maxaantal>",
    "<r:stamnummers><r:stamnummer>1</r:stamnummer></r:stamnummers>",
]
PIECES = [
    "<",
    ">",
    "&",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?x?>",
    "<!DOCTYPE x>",
    "&#0;",
    "&lt;",
    "&x;",
    " xmlns='u'",
    " xsi:nil='true'",
    " a='1'",
    "\x00",
    "\ufeff",
    "\ud7ff",
    "𝟚",
    "é",
    "'",
    '"',
    "=",
    "<r:vanaf/>",
    "</e:Body>",
    "<e:Body>",
    "<e:Header/>",
    "r:",
    "e:",
    "x" * 5000,
    "9" * 400,
]
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "latin-1", "utf-7", "utf-32", "cp037"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The bytes of an envelope that was valid before it was mutated."""
    elements = draw(st.permutations(ELEMENTS)) if draw(st.booleans()) else list(ELEMENTS)
    elements = elements[: draw(st.integers(2, 5))] if draw(st.booleans()) else elements
    text = f"$OPEN$IN{''.join(elements)}$OUT$CLOSE"
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(0, 4))):
        text = _mutate(text, chance)
    encoding = draw(st.sampled_from(ENCODINGS)) if draw(st.integers(0, 5)) == 0 else "utf-8"
    data = bytearray(text.encode(encoding, "replace"))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _mutate(text: str, chance: random.Random) -> str:
    """One mutation: a piece put in, a stretch cut out, doubled or swapped, a tag renamed."""
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    match chance.randrange(6):
        case 0:
            return text[:start] + chance.choice(PIECES) + text[start:]
        case 1:
            return text[:start] + text[min(end, start + 40) :]
        case 2:
            return text[:end] + text[start:end] + text[end:]
        case 3:
            return text[:start] + text[end:] + text[start:end]
        case 4:
            names = re.findall(r"</?r?:?(\w+)", text) or ["x"]
            return text.replace(chance.choice(names), chance.choice([*names, "x"]), 1)
        case _:
            return re.sub(
                r"\d+", chance.choice(["-1", "0", "1e3", "99999999999", ""]), text, count=1
            )


@pytest.fixture(scope="module")
def tried(engine: Engine) -> Iterator[Target]:
    """A server to be tried."""
    with target(engine) as made:
        yield made


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=mutated(), named=st.sampled_from(["utf-8", "utf-16", "", "utf-8"]))
def test_nothing_malformed_gets_past(tried: Target, data: bytes, named: str) -> None:
    """Whatever is sent gets a valid answer, a SOAP fault or a 4xx, within a second; the next good
    call is answered, no incident happens, and memory stays bounded."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for word in ("$OPEN", "$CLOSE", "$IN", "$OUT", "$CODE", "$KEY"):
        data = data.replace(word.encode(), tried.bytes_of([word]))
    charset = f"; charset={named}" if named else ""
    case = {"body": [{"hex": data.hex()}], "headers": {"Content-Type": f"text/xml{charset}"}}
    tried.exchanges.clear()
    got = tried.run(case)
    assert got.seconds < SECOND
    if got.verdict == "200":
        (answer,) = etree.fromstring(got.text.encode()).findall(f"{{{ENVELOPE}}}Body/*")
        schema().assertValid(answer)
        assert answer.tag == f"{{{NAMESPACE}}}HaalToetsresultatenResponse"
    else:
        assert re.fullmatch(r"HTTP 4\d\d|Client\.\w+|VersionMismatch|MustUnderstand", got.verdict)
    assert tried.good().verdict == "200"
    assert [each.incident for each in tried.exchanges if each.incident] == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < MEMORY
