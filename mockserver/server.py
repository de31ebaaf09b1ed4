"""Sessions behind a listening socket: cheroot in a thread of its own, ended cleanly."""

import contextlib
import errno
import logging
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Any

from cheroot.wsgi import Server as CherootServer
from sqlalchemy import Engine

from mockserver import app
from mockserver.connection import Connection
from mockserver.contract import fields
from mockserver.errors import LocalError
from mockserver.limits import DEFAULT, Limits
from mockserver.messages import Grant
from mockserver.results import Results
from mockserver.service import Observer, Service
from mockserver.session import Session
from mockserver.tls import Tls, TlsAdapter

Log = Callable[[str], None]
"""Takes a line about the server itself: what is no call."""

LOOPBACK = "127.0.0.1"
_SHUTDOWN = 1
"""Seconds that a call in progress gets when the server is stopped."""


def _silent(_line: str) -> None:
    pass


class BindError(LocalError):
    """The address can't be listened on. Its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens, and how.

    port: 0 takes a free one. origin: how clients reach it, as in https://mock.school.example; None:
    by host and port. tls: None speaks plain HTTP. log: takes what happens outside of calls.
    """

    host: str = LOOPBACK
    port: int = 0
    origin: str | None = None
    tls: Tls | None = None
    limits: Limits = DEFAULT
    log: Log = _silent

    def origin_at(self, port: int) -> str:
        """How clients reach the server, once its port is known."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.origin or f"{'https' if self.tls else 'http'}://{host}:{port}").rstrip("/")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, and for whom. origin: how clients reach it."""

    host: str
    port: int
    origin: str
    sessions: Sequence[Session]
    results: Results

    @property
    def address(self) -> str:
        """Where calls go."""
        return f"{self.origin}{fields.PATH}"

    @property
    def wsdl(self) -> str:
        """The web service address of the manual's Ad 3: that of the WSDL (H05)."""
        return f"{self.address}?wsdl"

    def offered(self, grant: Grant) -> list[tuple[str, int]]:
        """The resultaatid and stamnummer of every result that is final in the school by now."""
        clock = next(session.clock for session in self.sessions if session.grant == grant)
        return self.results.offered(grant, clock())


class _Server(CherootServer):  # type: ignore[misc]  # cheroot has no types
    """cheroot's server, with our connections; it closes a socket that it could not bind."""

    ConnectionClass = Connection

    def __init__(self, wsgi: Any, listening: "Listening") -> None:
        limits = listening.limits
        super().__init__(
            (listening.host, listening.port),
            wsgi,
            numthreads=limits.threads,
            request_queue_size=limits.backlog,
            shutdown_timeout=_SHUTDOWN,
            server_name="mockserver",
        )
        self.limits = limits
        self.reading: set[Connection] = set()
        self.max_request_header_size = limits.header_bytes
        self.max_request_body_size = 0  # our own connections see to it
        self.timeout = limits.read
        if listening.tls:
            self.ssl_adapter = TlsAdapter(listening.tls.context)
        self._log = listening.log

    def run(self, started: "Future[None]") -> None:
        """Listens, says so (or why not), and serves until `end`."""
        try:
            self.prepare()
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(None)
        self.serve()

    def end(self) -> None:
        """Stops within a moment."""
        for connection in list(self.reading):
            connection.let_go()
        self.stop()

    def refused(self, status: int, text: str) -> None:
        """A connection refused a request in HTTP's words."""
        self._log(f"refused with HTTP {status}: {text}")

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """What cheroot has to say: its first line, without a traceback."""
        if level >= logging.WARNING:
            self._log(msg.splitlines()[0] if msg else "")

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: Any) -> socket.socket:
        """Binds, or closes and raises."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_


@contextlib.contextmanager
def serve(
    engine: Engine,
    sessions: Sequence[Session],
    observers: Sequence[Observer] = (),
    listening: Listening = Listening(),  # frozen
) -> Iterator[Running]:
    """Serves the sessions while the context lasts; on entry the server answers.

    Raises BindError.
    """
    results = Results(engine)
    service = Service(sessions, results, observers, listening.limits)
    place: list[str] = []
    wsgi = app.application(service, lambda: place[0])
    try:
        server = _Server(wsgi, listening)
    except ValueError as error:
        raise BindError(_explain(listening, error)) from None
    started: Future[None] = Future()
    # all in a daemon thread, whose own threads are daemons too: an interrupted start leaves none
    thread = Thread(target=server.run, args=(started,), name="cheroot", daemon=True)
    thread.start()
    try:
        try:
            started.result()
        except OSError as error:
            raise BindError(_explain(listening, error)) from None
        port = server.bind_addr[1]
        running = Running(listening.host, port, listening.origin_at(port), sessions, results)
        place.append(running.address)
        yield running
    finally:
        server.end()
        if started.done():
            thread.join()


_REASONS = {
    errno.EADDRINUSE: "the port is taken; --port 0 takes a free one",
    errno.EACCES: "the port is not allowed to this user; take one above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address; 127.0.0.1 is always there",
}


def _explain(listening: Listening, error: OSError | ValueError) -> str:
    """Why listening failed. cheroot raises a new OSError with the cause's number in its text."""
    number = re.search(r"\[Errno (-?\d+)\]", str(error))
    code = getattr(error, "errno", None) or (int(number[1]) if number else 0)
    place = f"{listening.host}:{listening.port}"
    return f"can't listen on {place}: {_REASONS.get(code, error)}".split("\n", 1)[0]
