"""Plays a scenario with a client as a process of its own, and compares what it stored with what
was offered.

The client is any command. It is told where to go by its environment: KOPPELING_WSDL,
KOPPELING_INSTELLINGSCODE, KOPPELING_SOAPKEY, KOPPELING_STAMNUMMERS (a text file, one a line),
KOPPELING_DATABASE (where it may keep its data: it lasts through the scenario) and KOPPELING_DUMP
(where it writes what it has stored of the school: CSV resultaatid,stamnummer,verwerkingsdatum).
"""

import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mockserver.contract import fields
from mockserver.dataset.pupils import pupils
from mockserver.errors import UserError
from mockserver.messages import Exchange
from mockserver.scenario import School
from mockserver.server import Running
from mockserver.session import Session


class PlayError(UserError):
    """The client could not be played. Its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One import of one school: what the client should have stored by then, and what it has.

    offered: results final by then; wanted: those to be stored, of known pupils; missing and extra:
    resultaatids; doubled: stored more than once. calls and batches: what the server answered, and
    how much of it with results. refused: the fault code the import must end in, None: it must
    succeed; faults: those it got. summary: the client's last line, where that is JSON.
    """

    instellingscode: str
    at: datetime
    offered: int
    wanted: int
    stored: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    doubled: tuple[str, ...]
    calls: int
    batches: int
    faults: tuple[str, ...]
    exit_code: int
    refused: str | None
    summary: dict[str, object] | None

    @property
    def good(self) -> bool:
        """Whether the client did what the scenario asks; one that never called did not."""
        same = not (self.missing or self.extra or self.doubled)
        if self.refused:
            return same and self.exit_code != 0 and self.refused in self.faults
        return same and self.exit_code == 0 and self.calls > 0


def known_stamnummers(school: School) -> list[int]:
    """The stamnummers of the school's pupils that Magister knows, rising."""
    return sorted(pupil.stamnummer for pupil in pupils(school.data) if pupil.known)


def environment(running: Running, session: Session, folder: Path) -> dict[str, str]:
    """What a client is told of a session. The folder lasts through the scenario."""
    school = session.school
    stamnummers = folder / f"stamnummers-{session.grant.school}.txt"
    stamnummers.write_text("".join(f"{number}\n" for number in known_stamnummers(school)))
    return {
        "KOPPELING_WSDL": running.wsdl,
        "KOPPELING_INSTELLINGSCODE": school.instellingscode,
        "KOPPELING_SOAPKEY": school.given_soapkey,
        "KOPPELING_STAMNUMMERS": str(stamnummers),
        "KOPPELING_DATABASE": str(folder / "client.sqlite"),
        "KOPPELING_DUMP": str(folder / f"dump-{session.grant.school}.csv"),
    }


class Recorder:
    """An observer that keeps every call until it is taken; other requests pass by."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []

    def __call__(self, exchange: Exchange) -> None:  # noqa: D102  # the class says it
        if exchange.request.method == "POST" and exchange.request.path == fields.PATH:
            self._exchanges.append(exchange)

    def take(self) -> list[Exchange]:
        """The exchanges since the last time."""
        taken, self._exchanges = self._exchanges, []
        return taken


def play(
    running: Running, recorder: Recorder, command: Sequence[str], folder: Path
) -> Iterator[Outcome]:
    """Lets the client import as often as the scenario says, for each of its schools in turn.

    recorder: an observer of the running server. Raises PlayError.
    """
    rounds = max(len(session.scenario.imports) for session in running.sessions)
    for number in range(rounds):
        for session in running.sessions:
            if number < len(session.scenario.imports):
                moment = session.scenario.imports[number]
                session.clock.at = moment.at
                yield _import(running, recorder, session, command, folder, moment.refused)


def _import(
    running: Running,
    recorder: Recorder,
    session: Session,
    command: Sequence[str],
    folder: Path,
    refused: str | None,
) -> Outcome:
    told = environment(running, session, folder)
    dump = Path(told["KOPPELING_DUMP"])
    dump.unlink(missing_ok=True)
    recorder.take()
    try:
        done = subprocess.run(
            command,
            env=os.environ | told,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            start_new_session=True,  # Ctrl-C is for this program, which then ends the client
        )
    except OSError as error:
        raise PlayError(f"client {command[0]}: can't be started: {error.strerror}") from None
    if not dump.exists() and not refused:
        raise PlayError(
            f"client {command[0]} ended with exit code {done.returncode} and wrote nothing to "
            "KOPPELING_DUMP, so what it stored can't be compared"
        )
    exchanges = recorder.take()
    known = set() if refused else set(known_stamnummers(session.school))
    offered = running.offered(session.grant)
    wanted = {resultaatid for resultaatid, stamnummer in offered if stamnummer in known}
    stored = Counter(_stored(dump)) if dump.exists() else Counter[str]()
    return Outcome(
        instellingscode=session.school.instellingscode,
        at=session.clock(),
        offered=len(offered),
        wanted=len(wanted),
        stored=stored.total(),
        missing=tuple(sorted(wanted - stored.keys())),
        extra=tuple(sorted(stored.keys() - wanted)),
        doubled=tuple(sorted(each for each, count in stored.items() if count > 1)),
        calls=len(exchanges),
        batches=sum(1 for each in exchanges if each.batch and each.batch.aantal),
        faults=tuple(each.fault for each in exchanges if each.fault),
        exit_code=done.returncode,
        refused=refused,
        summary=_last_line(done.stdout),
    )


def _stored(dump: Path) -> list[str]:
    """The resultaatids in a dump. Raises PlayError where it is not one."""
    try:
        with dump.open(encoding="utf-8", newline="") as file:
            return [row["resultaatid"] for row in csv.DictReader(file, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise PlayError(
            f"dump {dump}: not CSV with the columns resultaatid,stamnummer,verwerkingsdatum "
            f"({error!r})"
        ) from None


def _last_line(output: str) -> dict[str, object] | None:
    lines = output.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
