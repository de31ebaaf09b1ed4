"""`koppeling import`: the reference client on the command line."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from client.errors import DumpError, ImportFailed, Interrupted, SettingsError
from client.settings import IMPORT_RIGHT, Settings, read_stamnummers

if TYPE_CHECKING:
    from client.importer import Summary

_FIRST_YEAR = 1970

_LINE_EVERY = 25
"""Batches between two lines of progress where there is no terminal to draw a bar on."""


def import_results(  # noqa: PLR0913, PLR0917  # each is an option of the command
    wsdl: Annotated[
        str | None,
        typer.Option(
            envvar="KOPPELING_WSDL", help="Field 1: the web service address, of the WSDL."
        ),
    ] = None,
    instellingscode: Annotated[
        str | None,
        typer.Option(
            envvar="KOPPELING_INSTELLINGSCODE", help="Field 2: the instellingscode of the school."
        ),
    ] = None,
    soapkey_file: Annotated[
        Path | None,
        typer.Option(
            help="Field 3: a file that holds the SOAP-key. Without it: KOPPELING_SOAPKEY, or a "
            "question. Never an option, which others could read in the list of processes."
        ),
    ] = None,
    stamnummers: Annotated[
        Path | None,
        typer.Option(
            envvar="KOPPELING_STAMNUMMERS",
            help="A text file of the stamnummers that Magister knows, one a line. Without: all.",
        ),
    ] = None,
    send_stamnummers: Annotated[
        bool,
        typer.Option(
            "--send-stamnummers",
            help="Ask the service for those pupils only, instead of leaving the others out here.",
        ),
    ] = False,
    database: Annotated[
        Path | None,
        typer.Option(
            envvar="KOPPELING_DATABASE",
            help="The SQLite file to keep results in. Without: in the user's data folder.",
        ),
    ] = None,
    right: Annotated[
        list[str] | None,
        typer.Option(
            help="An LVS right of the user in Magister; can be given many times. Without: "
            f"'{IMPORT_RIGHT}', which an import needs.",
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(
            envvar="KOPPELING_CA",
            help="A PEM file with the authority to trust for HTTPS, instead of the public ones.",
        ),
    ] = None,
    batches: Annotated[
        int | None,
        typer.Option(min=1, help="How often to press the button: each press fetches one batch."),
    ] = None,
    vanaf: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d-%m-%Y"],
            help="Start at this day, as 2024-08-01 or 01-08-2024, not where the last import ended.",
        ),
    ] = None,
    dump: Annotated[
        Path | None,
        typer.Option(
            envvar="KOPPELING_DUMP",
            help="Write what is stored of the school to this CSV file: resultaatid, stamnummer, "
            "verwerkingsdatum.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one line of JSON on standard output.")
    ] = False,
) -> None:
    """Fetch a school's results, as Magister does with 'Toetsresultaten ophalen'.

    Fetches batch after batch until no more results are found. A next import starts at the day of
    the newest result; an interrupted one goes on where it was. What is stored already is skipped.

    The three fields are those that 'koppeling serve' prints:

        KOPPELING_SOAPKEY=... koppeling import --instellingscode 99EI
        --wsdl 'http://127.0.0.1:8080/api/v3/results/doclit?wsdl'

    --json ends with: batches, received, stored, skipped, unknown, done, mark; and error where the
    import could not go on.
    """
    from client.importer import Summary  # heavy imports wait until they are needed

    summary = Summary()
    try:
        settings = Settings(
            wsdl=_needed(wsdl and wsdl.strip(), "web service address", "--wsdl or KOPPELING_WSDL"),
            instellingscode=_needed(
                instellingscode, "instellingscode", "--instellingscode or KOPPELING_INSTELLINGSCODE"
            ),
            soapkey=_soapkey(soapkey_file),
            known=read_stamnummers(stamnummers) if stamnummers else None,
            send_known=send_stamnummers,
            ca=ca,
            rights=frozenset(right) if right else frozenset({IMPORT_RIGHT}),
            database=database or _default_database(),
        )
        with _reporter() as report:

            def observe(latest: Summary) -> None:
                nonlocal summary
                summary = latest
                report(latest)

            summary = _import(settings, batches, _checked(vanaf), dump, observe)
    except (ImportFailed, KeyboardInterrupt) as error:
        failure = (
            error
            if isinstance(error, ImportFailed)
            else Interrupted("interrupted; what was stored stays stored, import again to go on")
        )
        if as_json:
            said = {"kind": failure.kind, "code": getattr(failure, "code", None)}
            print(json.dumps(_plain(summary) | {"error": said | {"message": str(failure)}}))
        raise failure from None
    if as_json:
        print(json.dumps(_plain(summary)))
    else:
        _tell(summary)


def _import(
    settings: Settings,
    batches: int | None,
    vanaf: date | None,
    dump: Path | None,
    observe: Callable[["Summary"], None],
) -> "Summary":
    """The import itself; the dump is written even where the import fails."""
    from client.api import ResultsService
    from client.importer import Importer
    from client.store import Store

    if dump and not dump.absolute().parent.is_dir():
        raise SettingsError(f"dump {dump}: can't be written: there is no such folder")
    with closing(Store(settings.database)) as store:
        try:
            importer = Importer(ResultsService(settings), store, settings, observe)
            return importer.run(batches, vanaf)
        finally:
            if dump:
                _write_dump(store, settings.instellingscode, dump)


def _write_dump(store: Any, instellingscode: str, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            store.dump(instellingscode, file)
    except OSError as error:
        raise DumpError(
            f"dump {path}: can't be written: {error.strerror}; the results are stored all the same"
        ) from None


def _checked(vanaf: datetime | None) -> date | None:
    """The day to start at; one before there were pupils is a slip of the keyboard."""
    if vanaf is not None and vanaf.year < _FIRST_YEAR:
        raise SettingsError(f"--vanaf {vanaf:%d-%m-%Y}: must be {_FIRST_YEAR} or later")
    return vanaf.date() if vanaf else None


def _needed(value: str | None, what: str, how: str) -> str:
    if not value:
        raise SettingsError(f"{what}: missing; give it with {how}")
    return value


def _soapkey(file: Path | None) -> str:
    """The SOAP-key: from the file, the environment, or the person at the terminal."""
    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"SOAP-key file {file}: can't be read: {error}") from None
    given = os.environ.get("KOPPELING_SOAPKEY")
    if given is None and sys.stdin.isatty():
        given = typer.prompt("SOAP-key", hide_input=True, err=True)
    return _needed(given, "SOAP-key", "KOPPELING_SOAPKEY or --soapkey-file")


def _default_database() -> Path:
    from platformdirs import user_data_path

    return user_data_path("resultatenkoppeling", appauthor=False) / "client.sqlite"


@contextmanager
def _reporter() -> Iterator[Callable[["Summary"], None]]:
    """Shows progress on standard error: a moving line on a terminal, else a line now and then."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _line_by_line
        return
    text = "{task.fields[batches]} batches, {task.completed} results"
    columns = (SpinnerColumn(), TextColumn(text), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None, batches=0)
        yield lambda summary: progress.update(
            task, completed=summary.received, batches=summary.batches
        )


def _line_by_line(summary: "Summary") -> None:
    if summary.batches % _LINE_EVERY == 0 and not summary.done:
        print(f"{summary.batches} batches, {summary.received} results", file=sys.stderr)


def _plain(summary: "Summary") -> dict[str, Any]:
    values = asdict(summary)
    mark = summary.mark
    return values | {"mark": mark.isoformat(timespec="milliseconds") if mark else None}


def _tell(summary: "Summary") -> None:
    """The summary for a person."""
    typer.echo(
        f"{summary.received} results in {summary.batches} batches: {summary.stored} stored, "
        f"{summary.skipped} skipped (stored before), {summary.unknown} of unknown pupils."
    )
    typer.echo("No more results are found." if summary.done else "There may be more: import again.")
