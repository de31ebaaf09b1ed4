"""One line a call on stderr: for people, or as JSON for machines. Keys are masked."""

import sys
from typing import Literal

import structlog

from mockserver.contract import fields
from mockserver.messages import Exchange

Format = Literal["text", "json"]


class Logger:
    """An observer that logs every exchange: time, school, batch, count, ms, fault."""

    def __init__(self, style: Format) -> None:
        renderer = (
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if style == "json"
            else structlog.processors.LogfmtRenderer(key_order=["time"])
        )
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=False, key="time")
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr), processors=[stamp, renderer]
        )

    def __call__(self, exchange: Exchange) -> None:  # noqa: D102  # the class says it
        self._log.info(None, **_line(exchange))

    def say(self, line: str) -> None:
        """Logs what happened outside of a call."""
        self._log.info(None, server=line)


def _line(exchange: Exchange) -> dict[str, object]:
    """What the log says of an exchange. Only what is there."""
    call, batch = exchange.call, exchange.batch
    line = {
        "request": _odd_request(exchange),
        "school": call and call.instellingscode,
        "soapkey": call and str(call.soapkey),
        "batch": batch and batch.nummer,
        "count": batch and batch.aantal,
        "ms": round(exchange.milliseconds, 1),
        "status": exchange.reply.status,
        "fault": exchange.fault,
        "reason": exchange.reason,
        "breaches": "; ".join(exchange.breaches) or None,
        "incident": exchange.incident,
    }
    return {name: value for name, value in line.items() if value is not None}


def _odd_request(exchange: Exchange) -> str | None:
    """Method and path of what is no call: the WSDL, a wrong address, a wrong method."""
    request = exchange.request
    if request.method == "POST" and request.path == fields.PATH:
        return None
    return f"{request.method} {request.path[:200]}"
