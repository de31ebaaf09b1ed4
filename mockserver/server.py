"""Sessions behind a listening socket: cheroot in a thread of its own, ended cleanly."""

import contextlib
import errno
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

from cheroot.wsgi import Server as CherootServer
from sqlalchemy import Engine

from mockserver import app
from mockserver.contract import fields
from mockserver.messages import Grant
from mockserver.results import Results
from mockserver.service import Observer, Service
from mockserver.session import Session

LOOPBACK = "127.0.0.1"
_THREADS = 8
_SHUTDOWN = 1
"""Seconds that a call in progress gets when the server is stopped."""


class BindError(Exception):
    """The address can't be listened on. Its text is one line for the user."""


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


class _Server(CherootServer):
    """cheroot's server, which closes a socket that it could not bind."""

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
    host: str = LOOPBACK,
    port: int = 0,
    origin: str | None = None,
) -> Iterator[Running]:
    """Serves the sessions while the context lasts; on entry the server answers.

    port: 0 takes a free one. origin: how clients reach the server, as in
    https://mock.school.example; None: by host and port. Raises BindError.
    """
    results = Results(engine)
    service = Service(sessions, results, observers)
    place: list[str] = []
    wsgi = app.application(service, lambda: place[0])
    server = _Server(
        (host, port),
        wsgi,
        numthreads=_THREADS,
        shutdown_timeout=_SHUTDOWN,
        server_name="mockserver",
    )
    server.max_request_body_size = 0  # the guard refuses by size, in words
    try:
        server.prepare()
    except OSError as error:
        raise BindError(_explain(host, port, error)) from None
    bound = server.bind_addr[1]
    running = Running(host, bound, (origin or _origin(host, bound)).rstrip("/"), sessions, results)
    place.append(running.address)
    thread = Thread(target=server.serve, name="cheroot", daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.stop()
        thread.join()


def _origin(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


_REASONS = {
    errno.EADDRINUSE: "the port is taken; --port 0 takes a free one",
    errno.EACCES: "the port is not allowed to this user; take one above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address; 127.0.0.1 is always there",
}


def _explain(host: str, port: int, error: OSError) -> str:
    """Why listening failed. cheroot raises a new OSError with the cause's number in its text."""
    number = re.search(r"\[Errno (-?\d+)\]", str(error))
    code = error.errno or (int(number[1]) if number else 0)
    return f"can't listen on {host}:{port}: {_REASONS.get(code, error)}"
