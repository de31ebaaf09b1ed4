"""The flow of one call: guard -> wire -> access -> results -> wire, and what was seen of it.

    bytes -> guard -> wire -> Call -> access -> Grant -> results -> Batch -> wire -> Reply

Knows the stages and their order; knows nothing of Flask, sockets or files.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from mockserver import access, guard
from mockserver.faults import Kind, Refusal
from mockserver.guard import HttpRefusal
from mockserver.messages import Exchange, Reply, Request
from mockserver.results import Results
from mockserver.session import Session
from mockserver.wire import Wire

Observer = Callable[[Exchange], None]

_log = logging.getLogger(__name__)


class Service:
    """Answers calls for the schools of its sessions, and shows every exchange to the observers."""

    def __init__(
        self, sessions: Sequence[Session], results: Results, observers: Sequence[Observer] = ()
    ) -> None:
        self._wire = Wire()
        self._results = results
        self._observers = observers
        self._doors = [session.door for session in sessions]
        self._clocks = {session.grant: session.clock for session in sessions}

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
        for observe in self._observers:
            observe(exchange)
        return reply

    def _reply(self, request: Request, seen: dict[str, Any]) -> Reply:
        """The reply; what became known of the call on the way is left in `seen`."""
        try:
            call = seen["call"] = self._wire.read(guard.admit(request))
            grant = seen["grant"] = access.grant(call, self._doors)
            batch = seen["batch"] = self._results.batch(grant, call, self._clocks[grant]())
            return self._wire.write(batch)
        except HttpRefusal as refusal:
            seen.update(fault=f"HTTP {refusal.status}", reason=refusal.text)
            return Reply(refusal.status, "text/plain; charset=utf-8", f"{refusal.text}\n".encode())
        except Refusal as refusal:
            seen.update(fault=refusal.fault.code, reason=refusal.reason)
            return self._wire.write_fault(refusal)
        except Exception:
            incident = token_hex(4)
            _log.exception("incident %s", incident)
            internal = Refusal(
                Kind.INTERNE_FOUT, f"Er is een interne fout opgetreden; meld nummer {incident}."
            )
            seen.update(fault=internal.fault.code, reason=internal.reason)
            return self._wire.write_fault(internal)
