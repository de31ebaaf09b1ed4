"""One line a call on stderr: for people, or as JSON for machines. Keys are masked."""

import sys
from typing import Literal

import structlog

from mockserver.messages import Exchange
from mockserver.service import Observer

Format = Literal["text", "json"]


def logger(style: Format) -> Observer:
    """An observer that logs every exchange: time, school, batch, count, ms, fault."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.processors.LogfmtRenderer(key_order=["time"])
    )
    log = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=False, key="time"),
            renderer,
        ],
    )

    def observe(exchange: Exchange) -> None:
        log.info(None, **_line(exchange))

    return observe


def _line(exchange: Exchange) -> dict[str, object]:
    """What the log says of an exchange. Only what is there."""
    call, batch = exchange.call, exchange.batch
    line = {
        "method": exchange.request.method if exchange.request.method != "POST" else None,
        "school": call and call.instellingscode,
        "soapkey": call and str(call.soapkey),
        "batch": batch and batch.nummer,
        "count": batch and batch.aantal,
        "ms": round(exchange.milliseconds, 1),
        "status": exchange.reply.status,
        "fault": exchange.fault,
        "reason": exchange.reason,
    }
    return {name: value for name, value in line.items() if value is not None}
