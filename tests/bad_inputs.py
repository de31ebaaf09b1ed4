"""Runs the table of bad inputs over a real socket: python -m tests.bad_inputs prints it."""

import http.client
import socket
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from lxml import etree
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from mockserver.contract.fields import PATH
from mockserver.database import connect
from mockserver.limits import Limits
from mockserver.messages import Exchange
from mockserver.scenario import find
from mockserver.server import Listening, Running, serve
from mockserver.session import open_sessions
from tests.envelopes import ENVELOPE, HEADERS, NAMESPACE

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[
    "case"
]
LIMITS = Limits(read=1.5)
SECOND = 1.0
OPEN = f'<e:Envelope xmlns:e="{ENVELOPE}" xmlns:r="{NAMESPACE}"><e:Body>'
CLOSE = "</e:Body></e:Envelope>"
IN, OUT = "<r:HaalToetsresultaten>", "</r:HaalToetsresultaten>"


@dataclass(frozen=True)
class Got:
    """What came back: "200", "HTTP 4xx", a fault's code or "closed"; all of it; in how long."""

    verdict: str
    text: str
    seconds: float


class Target:
    """A server to be tried, and a canary that nobody may ever call."""

    def __init__(self, running: Running, canary: socket.socket) -> None:
        self.running = running
        self.exchanges: list[Exchange] = []
        self.lines: list[str] = []
        self._canary = canary
        school = running.sessions[0].school
        host, port = canary.getsockname()
        call = (
            f"{IN}<r:instellingscode>{school.instellingscode}</r:instellingscode>"
            f"<r:soapkey>{school.soapkey}</r:soapkey>{OUT}"
        )
        self.key = school.soapkey
        self._words = {
            "$GOOD": f'<?xml version="1.0" encoding="utf-8"?>\n{OPEN}{call}{CLOSE}',
            "$OPEN": OPEN,
            "$CALL": call,
            "$CLOSE": CLOSE,
            "$IN": IN,
            "$OUT": OUT,
            "$CODE": school.instellingscode,
            "$KEY": school.soapkey,
            "$PATH": PATH,
            "$CANARY": f"http://{host}:{port}/canary",
        }

    def run(self, case: dict[str, Any]) -> Got:
        """Sends a case and says what came back."""
        if "raw" in case:
            return self._exchange(self.bytes_of(case["raw"]), case)
        body = self.bytes_of(case["body"])
        named = {**HEADERS, **case.get("headers", {})}
        lines = [f"{name}: {value}" for name, value in named.items() if value]
        if case.get("chunked"):
            lines.append("Transfer-Encoding: chunked")
            pieces = [body[start : start + 60000] for start in range(0, len(body), 60000)]
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])
        else:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([f"POST {PATH} HTTP/1.1", "Host: x", *lines, "", ""]).encode()
        return self._exchange(head + body, case)

    def good(self) -> Got:
        """A good call."""
        return self.run({"body": ["$GOOD"]})

    def canary_called(self) -> bool:
        """Whether anybody connected to the canary."""
        self._canary.settimeout(0.05)
        with suppress(TimeoutError):
            self._canary.accept()[0].close()
            return True
        return False

    def bytes_of(self, parts: list[Any]) -> bytes:
        """The bytes of a list of parts, as the head of the table describes them."""
        return b"".join(self._part(part) for part in parts)

    def _part(self, part: Any) -> bytes:
        if isinstance(part, str):
            return self._filled(part).encode()
        if "hex" in part:
            return bytes.fromhex(part["hex"])
        if "utf16" in part:
            return self._filled(part["utf16"]).encode("utf-16")
        text = self._filled(part["repeat"])
        if "#" not in text:
            return text.encode() * int(part["times"])
        return "".join(text.replace("#", str(n)) for n in range(part["times"])).encode()

    def _filled(self, text: str) -> str:
        for word, value in self._words.items():
            text = text.replace(word, value)
        return text

    def _exchange(self, data: bytes, case: dict[str, Any]) -> Got:
        """Sends the bytes on a connection of their own and reads the answer."""
        started = time.monotonic()
        place = (self.running.host, self.running.port)
        with closing(socket.create_connection(place, timeout=20)) as connection:
            for _ in range(case.get("times", 1)):
                with suppress(ConnectionError):
                    _send(connection, data, slowly=case.get("drip", False))
                if case.get("hangup"):
                    return Got("closed", "", 0)
                status, text = _read(connection)
        return Got(_verdict(status, text), text, time.monotonic() - started)


def _send(connection: socket.socket, data: bytes, *, slowly: bool) -> None:
    """Sends the bytes, in a thread's time where it goes slowly: the answer may come before."""
    if not slowly:
        connection.sendall(data)
        return

    def drip() -> None:
        with suppress(OSError):
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)

    Thread(target=drip, daemon=True).start()


def _read(connection: socket.socket) -> tuple[int, str]:
    """Status and text of the answer; 0 where the connection ended without one."""
    answer = http.client.HTTPResponse(connection)
    try:
        answer.begin()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (http.client.HTTPException, ConnectionError):
        return 0, ""


def _verdict(status: int, text: str) -> str:
    if status == 0:
        return "closed"
    if status == 200:
        return "200"
    if status != 500:
        return f"HTTP {status}"
    fault = etree.fromstring(text.encode()).find(f".//{{{ENVELOPE}}}Fault")
    assert fault is not None, text
    local = (fault.findtext("faultcode") or "").partition(":")[2]
    code = fault.findtext(f".//{{{NAMESPACE}}}code") or ""
    return code if local in ("Client", "Server") else local


@contextmanager
def target(engine: Engine) -> Iterator[Target]:
    """A server with one school, with short limits in time."""
    with closing(socket.create_server(("127.0.0.1", 0))) as canary:
        exchanges: list[Exchange] = []
        lines: list[str] = []
        listening = Listening(limits=LIMITS, log=lines.append)
        sessions = open_sessions(engine, [find("onbekende-leerlingen")])
        with serve(engine, sessions, [exchanges.append], listening) as running:
            made = Target(running, canary)
            made.exchanges, made.lines = exchanges, lines
            yield made


def main() -> int:
    """Prints the table: row, expected, got. Gives 1 where a row is not green."""
    table = Table("row", "expected", "got", "ms", "", box=box.SIMPLE)
    red = 0
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        engine = connect(f"sqlite:///{folder}/server.sqlite")
        with target(engine) as tried:
            for case in CASES:
                got = tried.run(case)
                fits = got.verdict in case["expect"] and tried.good().verdict == "200"
                fits &= case.get("slow", False) or got.seconds < SECOND
                red += not fits
                mark = "[green]ok[/green]" if fits else "[red]NOT OK[/red]"
                milliseconds = f"{got.seconds * 1000:.0f}"
                table.add_row(
                    case["row"], " or ".join(case["expect"]), got.verdict, milliseconds, mark
                )
            if tried.canary_called():
                red += 1
                table.add_row("canary", "never called", "called", "", "[red]NOT OK[/red]")
        engine.dispose()
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print(f"{len(CASES) - red} of {len(CASES)} rows as they must be")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
