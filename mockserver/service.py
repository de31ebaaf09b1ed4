"""The flow of one call: guard -> wire -> access -> results -> wire, and what was seen of it.

    bytes -> guard -> wire -> Call -> access -> Grant -> results -> Batch -> wire -> Reply

Knows the stages and their order; knows nothing of Flask, sockets or files.
"""

import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import BoundedSemaphore
from typing import Any

from mockserver import access, guard
from mockserver.faults import Kind, Refusal
from mockserver.guard import HttpRefusal
from mockserver.limits import DEFAULT, Limits
from mockserver.messages import Exchange, Reply, Request
from mockserver.results import Results
from mockserver.session import Session
from mockserver.wire import Wire

Observer = Callable[[Exchange], None]


class Service:
    """Answers calls for the schools of its sessions, and shows every exchange to the observers."""

    def __init__(
        self,
        sessions: Sequence[Session],
        results: Results,
        observers: Sequence[Observer] = (),
        limits: Limits = DEFAULT,
    ) -> None:
        self._wire = Wire()
        self._results = results
        self._observers = observers
        self._doors = [session.door for session in sessions]
        self._sessions = {session.grant: session for session in sessions}
        self._limits = limits
        # threads wait for clients; more of them at work than processors only wait for each other
        self._workers = BoundedSemaphore(limits.workers)

    def answer(self, request: Request) -> Reply:
        """The answer to a request, whatever it is."""
        started = time.perf_counter()
        seen: dict[str, Any] = {}
        reply = self._reply(request, seen)
        exchange = Exchange(
            at=datetime.now(UTC),
            request=request,
            reply=reply,
            milliseconds=(time.perf_counter() - started) * 1000,
            **seen,
        )
        self._observe(exchange)
        return reply

    def show(self, request: Request, document: bytes) -> Reply:
        """The answer to a request for a document: the document, and the observers see it."""
        reply = Reply(200, "text/xml", document)
        self._observe(Exchange(datetime.now(UTC), request, reply, 0.0))
        return reply

    def _observe(self, exchange: Exchange) -> None:
        for observe in self._observers:
            observe(exchange)

    def _reply(self, request: Request, seen: dict[str, Any]) -> Reply:
        """The reply; what became known of the call on the way is left in `seen`."""
        try:
            with self._workers:
                return self._work(request, seen)
        except HttpRefusal as refusal:
            seen.update(fault=f"HTTP {refusal.status}", reason=refusal.text)
            return Reply(refusal.status, "text/plain; charset=utf-8", f"{refusal.text}\n".encode())
        except Refusal as refusal:
            seen.update(fault=refusal.fault.code, reason=refusal.reason)
            return self._wire.write_fault(refusal)
        except Exception as error:
            number = token_hex(4)
            internal = Refusal(
                Kind.INTERNE_FOUT, f"Er is een interne fout opgetreden; meld nummer {number}."
            )
            seen.update(
                fault=internal.fault.code,
                reason=internal.reason,
                incident=f"{number}: {_where(error)}",
            )
            return self._wire.write_fault(internal)

    def _work(self, request: Request, seen: dict[str, Any]) -> Reply:
        """The stages, one after the other. Of several mistakes the first is refused."""
        admitted = guard.admit(request, self._limits)
        call = seen["call"] = self._wire.read(admitted.envelope)
        try:
            grant = access.grant(call, self._doors)
        except Refusal:
            for breach in admitted.breaches:
                raise breach from None
            raise
        seen["grant"] = grant
        session = self._sessions[grant]
        for breach in admitted.breaches:
            if session.school.manner == "strict":
                raise breach
        seen["breaches"] = tuple(str(breach) for breach in admitted.breaches)
        batch = seen["batch"] = self._results.batch(grant, call, session.clock())
        return self._wire.write(batch)


def _where(error: Exception) -> str:
    """The kind of an error and where it happened: not its text, which may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {' < '.join(places)}"
