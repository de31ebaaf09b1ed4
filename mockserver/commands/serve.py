"""`koppeling serve`: offers the schools of one or more scenarios over SOAP."""

import ipaddress
import json
import signal
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockserver.commands import common
from mockserver.errors import UserError

if TYPE_CHECKING:
    from mockserver.server import Running
    from mockserver.session import Session
    from mockserver.tls import Tls


class LogFormat(StrEnum):
    """How a call is logged."""

    text = "text"
    json = "json"


def serve(  # noqa: PLR0913, PLR0917  # each is an option of the command
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="A scenario by name, or a file that ends in .toml; can be given many times."
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8080,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="How clients reach this server, where that is not http://HOST:PORT, as in "
            "https://mock.school.example.",
        ),
    ] = None,
    db: Annotated[
        str | None,
        typer.Option(
            help="An SQLite file or an SQLAlchemy URL. Without: in the user's data folder."
        ),
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            help="Where the schools' clock stands, in Dutch time. Results that become final later "
            "are not there yet. Without: at each scenario's first import.",
        ),
    ] = None,
    tls: Annotated[
        bool,
        typer.Option("--tls", help="Speak HTTPS, with a certificate of a local authority."),
    ] = False,
    tls_name: Annotated[
        list[str] | None,
        typer.Option(help="A name that the certificate is for, besides localhost; many times."),
    ] = None,
    cert: Annotated[
        Path | None, typer.Option(help="Speak HTTPS with this certificate (PEM) of your own.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The private key of --cert, where that does not hold it.")
    ] = None,
    log_format: Annotated[LogFormat, typer.Option(help="Of the log on stderr.")] = LogFormat.text,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON once it answers.")
    ] = False,
) -> None:
    """Offer the schools of a scenario over SOAP, until Ctrl-C.

    Prints the three fields to fill in (Ad 3 of the manual) for each school. Each call is logged
    on standard error in one line.

    --json prints one line once the server answers: wsdl; and schools, each with scenario,
    instellingscode, soapkey, product, wsdl, offered (how many results are there now).
    """
    from mockserver.dataset.calendar import AMSTERDAM
    from mockserver.log import Logger
    from mockserver.server import Listening
    from mockserver.server import serve as serving
    from mockserver.session import open_sessions

    scenarios = common.find_scenarios(scenario or ["eerste-import"])
    moment = now.replace(tzinfo=AMSTERDAM) if now else None
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    engine = common.open_database(db)
    sessions = open_sessions(engine, scenarios, moment)
    log = Logger(log_format.value)
    security = _security(tls, tls_name or [], cert, key)
    listening = Listening(host, port, address, security, log=log.say)
    with serving(engine, sessions, [log], listening) as running:
        if as_json:
            print(json.dumps(_described(running) | _trust(security)), flush=True)
        else:
            _tell(running, security)
        stop.wait()
    engine.dispose()


def _security(
    tls: bool, names: list[str], certificate: Path | None, key: Path | None
) -> "Tls | None":
    """The certificate to use, None for plain HTTP."""
    from mockserver.tls import local, own

    if certificate:
        return own(certificate, key)
    if key:
        raise UserError("--key: goes with --cert")
    if names and not tls:
        raise UserError("--tls-name: goes with --tls")
    return local(common.data_folder() / "tls", names) if tls else None


def _trust(security: "Tls | None") -> dict[str, str]:
    """For scripts: the authority that clients must trust, where it is our own."""
    return {"ca": str(security.ca)} if security and security.ca else {}


def _described(running: "Running") -> dict[str, Any]:
    """The line of JSON: stable, for scripts."""
    return {
        "wsdl": running.wsdl,
        "schools": [_school(running, session) for session in running.sessions],
    }


def _school(running: "Running", session: "Session") -> dict[str, Any]:
    return {
        "scenario": session.scenario.name,
        "name": session.school.name,
        "instellingscode": session.school.instellingscode,
        "soapkey": session.school.given_soapkey,
        "product": session.school.fill_in,
        "wsdl": running.wsdl,
        "offered": len(running.offered(session.grant)),
    }


def _tell(running: "Running", security: "Tls | None") -> None:
    """The three fields, each on a line of its own, ready to copy."""
    for school in _described(running)["schools"]:
        typer.secho(f"\n{school['scenario']}: {school['name']}", bold=True, nl=False)
        typer.echo(f" ({school['offered']} results)")
        typer.echo(f"  Webservice adres JIJ!  {school['wsdl']}")
        typer.echo(f"  Instellingscode        {school['instellingscode']}")
        note = "" if school["product"] == "JIJ!" else "   (the key of TOA: refused, on purpose)"
        typer.echo(f"  SOAP-key               {school['soapkey']}{note}")
    if security and security.ca:
        typer.echo(
            f"\nClients must trust {security.ca}:\n"
            f"  koppeling import   --ca {security.ca}\n"
            f"  Python, zeep       REQUESTS_CA_BUNDLE={security.ca}\n"
            f"  Node               NODE_EXTRA_CA_CERTS={security.ca}\n"
            f"  Java               keytool -importcert -cacerts -alias koppeling -file "
            f"{security.ca}\n"
            f"  Windows, .NET      certutil -user -addstore Root {security.ca}"
        )
    if not _is_loopback(running.host):
        typer.secho(
            f"\nListening on {running.host}: everybody who can reach this machine can call the "
            "mock server. --host 127.0.0.1 keeps it to yourself.",
            fg="yellow",
            err=True,
        )
    typer.echo(
        "\nAll names below the path are assumed: see koppeling contract fields. Ctrl-C ends."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
