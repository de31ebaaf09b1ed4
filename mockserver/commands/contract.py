"""`koppeling contract`: the names on the wire, and who says so."""

import json
import sys
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from mockserver.contract.model import Group, Simple

app = typer.Typer(no_args_is_help=True, help="Show the contract: what is documented, what assumed.")


@app.command()
def fields(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List every element with its type, how often it occurs, and where it comes from.

    D: the manual says so. S: taken from UWLR, OSO or Edu-V, the Dutch standards next door. V: a
    datum that the vendor's public help pages show, the name is ours. A: assumed. Two marks: the
    datum comes from the first, its form or place from the second.
    """
    rows = _rows()
    if as_json:
        print(json.dumps(rows))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table

    console = Console()
    for message, members in groupby(rows, key=itemgetter("message")):
        console.print(f"\n[bold]{message}[/bold]")
        table = Table(
            Column("element", no_wrap=True), "type", "occurs", "mark", "meaning", box=box.SIMPLE
        )
        for row in members:
            *above, name = row["element"].split("/")
            shown = "  " * len(above) + name
            table.add_row(shown, row["type"], row["occurs"], "/".join(row["mark"]), row["nl"])
        console.print(table)


def _rows() -> list[dict[str, Any]]:
    from mockserver.contract import fields as contract
    from mockserver.contract.model import flat

    return [
        {
            "message": group.name,
            "element": path,
            "type": _type(field.type),
            "occurs": field.occurs,
            "mark": [mark.value for mark in field.marks],
            "nl": field.meaning,
        }
        for group in (contract.REQUEST, contract.RESPONSE, contract.FAULT)
        for path, field in flat(group)
    ]


def _type(type_: "Simple | Group") -> str:
    return "" if hasattr(type_, "fields") else str(type_)


@app.command()
def wsdl(
    address: Annotated[
        str | None, typer.Option(help="The address to put into it. Without: an example.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as a JSON object.")] = False,
) -> None:
    """Print the WSDL that the server publishes."""
    from mockserver.contract import publication

    document = publication.wsdl(address or publication.EXAMPLE_ADDRESS)
    if as_json:
        print(json.dumps({"wsdl": document.decode()}))
    else:
        sys.stdout.buffer.write(document)
