"""Many clients at once, good, bad, slow and stalled: python -m tests.soak says what good ones saw.

It loads this machine's own loopback address only, and ends by itself.
"""

import http.client
import random
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Thread

from mockserver.database import connect
from mockserver.scenario import find
from mockserver.server import Running, serve
from mockserver.session import open_sessions
from tests.bad_inputs import CASES, CLOSE, IN, OPEN, OUT, Target
from tests.envelopes import HEADERS

MIX = {"good": 0.5, "bad": 0.2, "slow": 0.15, "stalled": 0.15}


@dataclass
class Report:
    """What the clients saw. latencies: of good calls, in seconds; lost: those without a batch."""

    latencies: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    bad: int = 0

    def __str__(self) -> str:
        cuts = [value * 1000 for value in quantiles(self.latencies, n=100)]
        counts = f"{len(self.latencies)} good calls, {len(self.lost)} lost; {self.bad} bad ones"
        shown = ", ".join(f"{percent} % {cuts[percent - 1]:.0f} ms" for percent in (50, 95, 99))
        return f"{counts}; good calls within: {shown}"


def soak(clients: int, seconds: float) -> Report:
    """Lets so many clients call a server for so long."""
    report = Report()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        engine = connect(f"sqlite:///{folder}/server.sqlite")
        sessions = open_sessions(engine, [find("onbekende-leerlingen")])
        with serve(engine, sessions) as running, socket.create_server(("127.0.0.1", 0)) as canary:
            target = Target(running, canary)
            end = time.monotonic() + seconds
            kinds: dict[str, Callable[[], None]] = {
                "good": lambda: _good(running, end, report),
                "bad": lambda: _bad(target, end, report),
                "slow": lambda: _slow(running, end),
                "stalled": lambda: _stalled(running, end),
            }
            threads = [
                Thread(target=kinds[kind])
                for kind, part in MIX.items()
                for _ in range(max(1, round(clients * part)))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        engine.dispose()
    return report


def _good(running: Running, end: float, report: Report) -> None:
    """Asks batches one after another; every answer must be a batch."""
    school = running.sessions[0].school
    body = (
        f"{OPEN}{IN}<r:instellingscode>{school.instellingscode}</r:instellingscode>"
        f"<r:soapkey>{school.soapkey}</r:soapkey>{OUT}{CLOSE}"
    ).encode()
    while time.monotonic() < end:
        started = time.monotonic()
        try:
            with closing(http.client.HTTPConnection(running.host, running.port, 30)) as connection:
                connection.request("POST", "/api/v3/results/doclit", body, HEADERS)
                answer = connection.getresponse()
                text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            report.lost.append(repr(error))
            continue
        if answer.status == 200 and text.count(b"<tns:toetsafname>") == 100:
            report.latencies.append(time.monotonic() - started)
        else:
            report.lost.append(f"{answer.status} {text[:80]!r}")
        time.sleep(0.1)


def _bad(target: Target, end: float, report: Report) -> None:
    """Sends rows of the table of bad inputs."""
    cases = [case for case in CASES if not case.get("slow")]
    while time.monotonic() < end:
        with suppress(OSError):
            target.run(random.choice(cases))
        report.bad += 1
        time.sleep(0.05)


def _slow(running: Running, end: float) -> None:
    """Sends a request a byte at a time, until the server has had enough; then again."""
    while time.monotonic() < end:
        with (
            suppress(OSError),
            closing(socket.create_connection((running.host, running.port), 5)) as connection,
        ):
            for byte in b"POST /api/v3/results/doclit HTTP/1.1\r\nX: " + b"a" * 10_000:
                if time.monotonic() > end:
                    return
                connection.sendall(bytes([byte]))
                time.sleep(0.1)


def _stalled(running: Running, end: float) -> None:
    """Connects, sends half a request or nothing, and waits for the server to have had enough."""
    while time.monotonic() < end:
        with (
            suppress(OSError),
            closing(socket.create_connection((running.host, running.port), 5)) as connection,
        ):
            connection.sendall(random.choice([b"", b"POST / HTTP/1.1\r\n", b"G"]))
            connection.settimeout(max(0.1, min(20, end - time.monotonic())))
            connection.recv(1024)


def main() -> int:
    """A minute with 200 clients. Gives 1 where a good call was lost."""
    report = soak(clients=200, seconds=60)
    print(report)
    for lost in report.lost[:10]:
        print(f"lost: {lost}")
    return 1 if report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
