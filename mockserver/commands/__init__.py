"""The server's side of the command `koppeling`: one module a command.

Heavy imports stand inside the functions, so that `koppeling --help` and `koppeling import` need
not wait for them.
"""

from collections.abc import Sequence

import typer


def register(app: typer.Typer, reference_client: Sequence[str]) -> None:
    """Adds the server's commands to `app`. reference_client: what `koppeling run` runs."""
    from mockserver.commands import contract, run, scenarios, serve

    app.command("serve")(serve.serve)
    app.command("run")(run.command(reference_client))
    app.add_typer(contract.app, name="contract")
    app.add_typer(scenarios.app, name="scenarios")
