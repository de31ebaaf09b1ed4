"""What a feature acts on: a school behind a real server, and a Magister that imports from it."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conftest import Served
from mockserver.messages import Exchange
from mockserver.play import environment, known_stamnummers
from mockserver.session import Session
from tests.keys import keys_in

CLIENT = [sys.executable, "-m", "koppeling", "import", "--json"]
_FIELDS = {
    "adres": "KOPPELING_WSDL",
    "instellingscode": "KOPPELING_INSTELLINGSCODE",
    "SOAP-key": "KOPPELING_SOAPKEY",
}


@dataclass(frozen=True)
class Fetched:
    """One run of Magister's import: how it ended, what it said, what it asked the service."""

    exit_code: int
    summary: dict[str, Any]
    message: str
    exchanges: list[Exchange]


@dataclass
class World:
    """The school, the fields that were filled in, and what happened so far."""

    served: Served
    session: Session
    folder: Path
    fields: dict[str, str | None] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    fetched: list[Fetched] = field(default_factory=list)

    @property
    def last(self) -> Fetched:
        """The latest run of the import."""
        return self.fetched[-1]

    def fill_in(self, name: str, value: str | None) -> None:
        """Fills in a field of Ad 3; None leaves it empty."""
        self.fields[_FIELDS[name]] = value

    def fetch(self, *options: str) -> None:
        """Runs the import as a process of its own."""
        told = environment(self.served.running, self.session, self.folder) | self.fields
        clean = {
            name: text for name, text in os.environ.items() if not name.startswith("KOPPELING")
        }
        self.served.recorder.take()
        done = subprocess.run(
            [*CLIENT, *self.options, *options],
            env=clean | {name: text for name, text in told.items() if text is not None},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert keys_in(done.stdout + done.stderr) == []
        lines = done.stdout.strip().splitlines()
        summary = json.loads(lines[-1]) if lines else {}
        exchanges = self.served.recorder.take()
        self.fetched.append(Fetched(done.returncode, summary, done.stderr, exchanges))

    def stored(self) -> list[str]:
        """The resultaatids that Magister has stored of the school, as it wrote them down."""
        told = environment(self.served.running, self.session, self.folder)
        dump = Path(told["KOPPELING_DUMP"])
        if not dump.exists():
            return []
        with dump.open(newline="") as file:
            return [row["resultaatid"] for row in csv.DictReader(file)]

    def wanted(self) -> list[str]:
        """The resultaatids of known pupils that the school offers by now."""
        known = set(known_stamnummers(self.session.school))
        offered = self.served.running.offered(self.session.grant)
        return [resultaatid for resultaatid, stamnummer in offered if stamnummer in known]
