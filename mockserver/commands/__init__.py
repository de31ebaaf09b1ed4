"""The server's side of the command `koppeling`: one module a command.

Heavy imports stand inside the functions, so that `koppeling --help` and `koppeling import` need
not wait for them.
"""

from collections.abc import Sequence

import typer


class CommandError(Exception):
    """A command can't do what was asked. Its text is one line for the user (or one a mistake)."""

    def __init__(self, text: str, exit_code: int) -> None:
        super().__init__(text)
        self.exit_code = exit_code


DIFFERENT, INPUT, LOCAL = 1, 2, 6
"""The exit codes of this side: stored differs from offered; bad input; a file, a database or a
port can't be used."""


def register(app: typer.Typer, reference_client: Sequence[str]) -> None:
    """Adds the server's commands to `app`. reference_client: what `koppeling run` runs."""
    from mockserver.commands import contract, run, scenarios, serve

    app.command("serve")(serve.serve)
    app.command("run")(run.command(reference_client))
    app.add_typer(contract.app, name="contract")
    app.add_typer(scenarios.app, name="scenarios")
