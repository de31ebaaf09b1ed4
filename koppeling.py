"""The command `koppeling`: the only place that knows both the mock server and the client."""

import io
import os
import signal
import sys
import traceback
from pathlib import Path

import typer
from typer.exceptions import TyperException

import client.commands
import client.errors
import mockserver.commands
from mockserver.errors import UserError

EXIT_CODES = """
Exit codes: 0 done; 1 what is stored differs from what was offered; 2 an option, a setting or a
scenario is wrong; 3 the service refuses the call; 4 the service can't be reached or can't answer
now; 5 an answer can't be understood; 6 a database, a file or a port can't be used; 7 a mistake of
this program; 130 interrupted.
"""

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (client.errors.SettingsError, 2),
    (client.errors.Refused, 3),
    (client.errors.Unavailable, 4),
    (client.errors.Unreadable, 5),
    (client.errors.StoreError, 6),
    (client.errors.DumpError, 6),
    (client.errors.Interrupted, 130),
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


_INTERRUPTED = "interrupted; what was stored stays stored"


def main() -> None:
    """Runs the command. Every failure becomes one line on standard error, and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a ?
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, tidily
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output is gone (as with `| head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        code = _say(f"can't write the output: {error.strerror}", 6)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run() -> int:
    """Runs the command and gives its exit code."""
    try:
        code = int(app(standalone_mode=False) or 0)
        return _say(_INTERRUPTED, code) if code == 130 else code
    except UserError as error:
        return _say(str(error), error.exit_code)
    except client.errors.ImportFailed as error:
        return _say(str(error), next(code for kind, code in _CODES if isinstance(error, kind)))
    except TyperException as error:  # an option that is not there, or that can't be right
        said = getattr(error, "format_message", error.__str__)()
        return _say(" ".join(said.split()) + "; --help tells more", 2)
    except (typer.Abort, KeyboardInterrupt):
        return _say(_INTERRUPTED, 130)
    except OSError:
        raise
    except Exception as error:
        if os.environ.get("KOPPELING_TRACEBACK"):
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        return _say(
            f"a mistake of this program: {type(error).__name__} at {Path(last.filename).name}:"
            f"{last.lineno}; please report it, with what KOPPELING_TRACEBACK=1 shows",
            7,
        )


def _say(message: str, code: int) -> int:
    typer.echo(f"koppeling: {message}", err=True)
    return code


if __name__ == "__main__":
    main()
