"""`koppeling run`: a server, a client as a process of its own, and the comparison."""

import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockserver.commands.common import find_scenarios
from mockserver.errors import DIFFERENT

if TYPE_CHECKING:
    from mockserver.play import Outcome

_SHOWN = 5
"""How many resultaatids a difference names."""


def command(reference_client: Sequence[str]) -> Callable[..., None]:
    """The command, with the client that it runs when no other is named."""

    def run(
        scenario: Annotated[
            str, typer.Argument(help="A scenario by name, or a file that ends in .toml.")
        ] = "eerste-import",
        client: Annotated[
            str | None,
            typer.Option(help="The command of another client. Without: koppeling import."),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="End with one line of JSON: good, and imports.")
        ] = False,
    ) -> None:
        """Play a scenario: start a server, let a client import from it, compare what is stored.

        The client runs as often as the scenario says, for each of its schools. Ends with exit code
        0 where it stored exactly what was offered of the known pupils (or was refused, where that
        is the point), 1 where not.
        """
        outcomes = _play(scenario, shlex.split(client) if client else reference_client)
        good = all(outcome.good for outcome in outcomes)
        if as_json:
            print(json.dumps({"good": good, "imports": [_plain(each) for each in outcomes]}))
        else:
            _tell(outcomes)
        if not good:
            raise typer.Exit(DIFFERENT)

    return run


def _play(name: str, client: Sequence[str]) -> list["Outcome"]:
    from mockserver.database import connect
    from mockserver.play import Recorder, play
    from mockserver.server import serve
    from mockserver.session import open_sessions

    (scenario,) = find_scenarios([name])
    typer.echo(f"{scenario.title.en}: {scenario.why.en}", err=True)
    recorder = Recorder()
    with TemporaryDirectory(prefix="koppeling-", ignore_cleanup_errors=True) as folder:
        engine = connect(f"sqlite:///{Path(folder, 'server.sqlite')}")
        try:
            with serve(engine, open_sessions(engine, [scenario]), [recorder]) as running:
                typer.echo(f"Serving at {running.wsdl}", err=True)
                return list(play(running, recorder, client, Path(folder)))
        finally:
            engine.dispose()


def _plain(outcome: "Outcome") -> dict[str, Any]:
    """An outcome for scripts."""
    return {
        "instellingscode": outcome.instellingscode,
        "at": outcome.at.isoformat(),
        "good": outcome.good,
        "offered": outcome.offered,
        "wanted": outcome.wanted,
        "stored": outcome.stored,
        "missing": list(outcome.missing),
        "extra": list(outcome.extra),
        "doubled": list(outcome.doubled),
        "calls": outcome.calls,
        "batches": outcome.batches,
        "faults": list(outcome.faults),
        "refused": outcome.refused,
        "exit_code": outcome.exit_code,
        "client": outcome.summary,
    }


def _tell(outcomes: list["Outcome"]) -> None:
    """The comparison for a person: a row an import, then the verdict."""
    from rich.console import Console
    from rich.table import Table

    table = Table("school", "clock", "offered", "to store", "stored", "batches", "verdict")
    for each in outcomes:
        numbers = (each.offered, each.wanted, each.stored, each.batches)
        clock = f"{each.at:%Y-%m-%d %H:%M}"
        table.add_row(each.instellingscode, clock, *map(str, numbers), _verdict(each))
    console = Console()
    console.print(table)
    for each in outcomes:
        for what in ("missing", "extra", "doubled"):
            ids = getattr(each, what)
            if ids:
                shown = ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")
                typer.echo(f"{each.instellingscode}: {len(ids)} {what}: {shown}")
    if all(each.good for each in outcomes):
        typer.secho("PASS: every import ended as it must.", fg="green")
    else:
        typer.secho("FAIL: not every import ended as it must.", fg="red")


def _verdict(outcome: "Outcome") -> str:
    if outcome.good:
        return "refused, as it must be" if outcome.refused else "stored = offered"
    if outcome.refused:
        return f"not refused with {outcome.refused}"
    if not outcome.calls:
        return "never called"
    return f"client failed ({outcome.exit_code})" if outcome.exit_code else "stored ≠ offered"
