"""The command `koppeling`: the only place that knows both the mock server and the client."""

import os
import sys

import typer

import client.commands
import client.errors
import mockserver.commands
from mockserver.errors import UserError

EXIT_CODES = """
Exit codes: 0 done; 1 what is stored differs from what was offered; 2 an option, a setting or a
scenario is wrong; 3 the service refuses the call; 4 the service can't be reached or can't answer
now; 5 an answer can't be understood; 6 a database, a file or a port can't be used; 130 interrupted.
"""

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (client.errors.SettingsError, 2),
    (client.errors.Refused, 3),
    (client.errors.Unavailable, 4),
    (client.errors.Unreadable, 5),
    (client.errors.StoreError, 6),
)

app = typer.Typer(
    name="koppeling",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=EXIT_CODES,
    help="Simulates the JIJ! web service from which Magister imports test results, and imports "
    "from it as Magister does.\n\nBegin with [bold]koppeling run[/bold]: a server, a client and a "
    "comparison in one command. Then [bold]koppeling serve[/bold], for a client of your own.",
)
app.command("import")(client.commands.import_results)
mockserver.commands.register(
    app, reference_client=[sys.executable, "-m", "koppeling", "import", "--json"]
)


def main() -> None:
    """Runs the command; every expected failure becomes one line on standard error."""
    try:
        app()
    except UserError as error:
        _fail(str(error), error.exit_code)
    except client.errors.ImportFailed as error:
        _fail(str(error), next(code for kind, code in _CODES if isinstance(error, kind)))
    except KeyboardInterrupt:
        _fail("interrupted; what was stored stays stored", 130)
    except BrokenPipeError:
        # The reader of our output is gone (as with `| head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(message: str, code: int) -> None:
    typer.echo(f"koppeling: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
