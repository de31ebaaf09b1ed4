"""`koppeling contract`: the names on the wire, and who says so."""

import json
import sys
from typing import Annotated, Any

import typer

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
        print(json.dumps(rows, ensure_ascii=False))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("element", "type", "occurs", "mark", "meaning", box=box.SIMPLE)
    for row in rows:
        shown = {**row, "mark": "/".join(row["mark"])}
        table.add_row(*(str(shown[name]) for name in ("element", "type", "occurs", "mark", "nl")))
    Console().print(table)


def _rows() -> list[dict[str, Any]]:
    from mockserver.contract import fields as contract

    return [
        {
            "element": f"{group.name}/{path}",
            "type": field.type.name
            if isinstance(field.type, contract.Group)
            else str(field.type),
            "occurs": field.occurs,
            "mark": [mark.value for mark in field.marks],
            "nl": field.meaning,
        }
        for group in (contract.REQUEST, contract.RESPONSE, contract.FAULT)
        for path, field in contract.flat(group)
    ]


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
        print(json.dumps({"wsdl": document.decode()}, ensure_ascii=False))
    else:
        sys.stdout.buffer.write(document)
