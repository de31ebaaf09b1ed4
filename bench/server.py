"""The server against the same service in plain spyne, and against the same bytes from memory."""

import http.client
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from cheroot.wsgi import Server as CherootServer
from lxml import etree

from bench import plain_spyne
from mockserver import guard
from mockserver.contract.fields import NAMESPACE
from mockserver.database import connect
from mockserver.limits import Limits
from mockserver.messages import Request
from mockserver.scenario import find
from mockserver.server import serve
from mockserver.session import open_sessions

CONNECTIONS = 4
BATCH = 500
SECONDS = 4.0
SCHOOL = find("eerste-import").schools[0]
BODY = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    f'<r:HaalToetsresultaten xmlns:r="{NAMESPACE}">'
    f"<r:instellingscode>{SCHOOL.instellingscode}</r:instellingscode>"
    f"<r:soapkey>{SCHOOL.soapkey}</r:soapkey><r:maxaantal>{BATCH}</r:maxaantal>"
    "</r:HaalToetsresultaten></e:Body></e:Envelope>"
).encode()
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"HaalToetsresultaten"'}


@dataclass(frozen=True)
class Servers:
    """The servers, each in a process of its own, by address."""

    address: str
    unguarded: str
    plain: str
    static: str

    def rates(self) -> dict[str, Callable[[], float]]:
        """Results served a second by each."""
        return {
            "this server": lambda: load(self.address),
            "this server without its guard": lambda: load(self.unguarded),
            "plain spyne": lambda: load(self.plain),
            "the same bytes from memory (the limit)": lambda: load(self.static),
        }


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """The servers, while the context lasts."""
    database = str(folder / "server.sqlite")
    with ExitStack() as stack:
        address = stack.enter_context(_process(_ours, database))
        unguarded = stack.enter_context(_process(_unguarded, database))
        plain = stack.enter_context(_process(_plain, database))
        answer = _post(address)
        assert answer.count(b"<tns:toetsafname>") == BATCH
        assert plain_spyne.same_results(answer, _post(plain))
        yield Servers(address, unguarded, plain, stack.enter_context(_process(_static, answer)))


def load(address: str) -> float:
    """Results a second that the server gives to CONNECTIONS clients that ask all the time."""
    made = multiprocessing.get_context("spawn")
    with made.Pool(CONNECTIONS) as pool:
        counts = pool.map(_ask, [address] * CONNECTIONS)
    return sum(counts) * BATCH / SECONDS


def _ask(address: str) -> int:
    """How many answers one connection gets in SECONDS."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    buffer = bytearray(1024 * 1024)
    count, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        connection.request("POST", place.path, BODY, HEADERS)
        answer = connection.getresponse()
        assert answer.status == 200
        while answer.readinto(buffer):
            pass
        count += 1
    return count


def _post(address: str) -> bytes:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    connection.request("POST", place.path, BODY, HEADERS)
    return connection.getresponse().read()


@contextmanager
def _process(target: Callable[[Connection, Any], None], given: object) -> Iterator[str]:
    """A server in a process of its own: it sends its address and runs until it is ended."""
    made = multiprocessing.get_context("spawn")
    ours, theirs = made.Pipe()
    process = made.Process(target=target, args=(theirs, given), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _ours(pipe: Connection, database: str) -> None:
    engine = connect(f"sqlite:///{database}")
    with serve(engine, open_sessions(engine, [find("eerste-import")])) as running:
        pipe.send(running.address)
        pipe.poll(None)


def _unguarded(pipe: Connection, database: str) -> None:
    """The same server with a bare parser where the guard stands."""

    def bare(request: Request, limits: Limits) -> guard.Admitted:
        return guard.Admitted(etree.fromstring(request.body), ())

    guard.admit = bare
    _ours(pipe, database)


def _plain(pipe: Connection, database: str) -> None:
    _wsgi(pipe, plain_spyne.application(database))


def _static(pipe: Connection, answer: bytes) -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response(
            "200 OK",
            [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(answer)))],
        )
        return [answer]

    _wsgi(pipe, application)


def _wsgi(pipe: Connection, application: Any) -> None:
    server = CherootServer(("127.0.0.1", 0), application, numthreads=8)
    server.prepare()
    Thread(target=server.serve, daemon=True).start()
    pipe.send(f"http://127.0.0.1:{server.bind_addr[1]}/")
    pipe.poll(None)
