"""`koppeling scenarios`: the situations there are, and whether one's own are right."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockserver.commands import common
from mockserver.errors import UserError

if TYPE_CHECKING:
    from mockserver.scenario import Scenario

app = typer.Typer(no_args_is_help=True, help="List, show and check scenarios.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="A scenario by name, or a file that ends in .toml.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the project's scenarios."""
    from mockserver.scenario import library

    rows = [_brief(scenario) for scenario in common.find_scenarios(list(library()))]
    if as_json:
        print(json.dumps(rows))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("scenario", "title", "schools", "imports", "clauses", box=box.SIMPLE)
    for row in rows:
        shown = (row["schools"], row["imports"], " ".join(row["clauses"]))
        table.add_row(row["name"], row["title"]["en"], *map(str, shown))
    Console().print(table)


def _brief(scenario: "Scenario") -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "schools": len(scenario.schools),
        "imports": len(scenario.imports),
        "clauses": list(scenario.clauses),
    }


@app.command()
def show(name: Name, as_json: Json = False) -> None:
    """Show one scenario: why it is there, what the tester does, its schools and moments."""
    (scenario,) = common.find_scenarios([name])
    if as_json:
        print(scenario.model_dump_json())
        return
    typer.secho(f"{scenario.name}: {scenario.title.en} / {scenario.title.nl}", bold=True)
    for label, text in (("why", scenario.why), ("tester", scenario.tester)):
        typer.echo(f"\n{label}: {text.en}\n{' ' * len(label)}  {text.nl}")
    typer.echo(f"\nclauses: {' '.join(scenario.clauses)}")
    for school in scenario.schools:
        years = ", ".join(school.data.school_years) or "none"
        typer.echo(
            f"school {school.instellingscode}: {school.name}; {school.data.pupils} pupils, school "
            f"years: {years}; key to fill in: {school.given_soapkey} ({school.fill_in})"
        )
    for moment in scenario.imports:
        ending = f" must be refused with {moment.refused}" if moment.refused else ""
        typer.echo(f"import at {moment.at.isoformat()}{ending}")


@app.command()
def validate(
    paths: Annotated[list[Path], typer.Argument(help="Scenario files.")], as_json: Json = False
) -> None:
    """Check scenario files. Each mistake is one line: file, place, what would be right."""
    from mockserver.scenario import ScenarioError, load

    problems: list[str] = []
    for path in paths:
        try:
            load(path)
        except ScenarioError as error:
            problems.extend(str(error).splitlines())
    if as_json:
        print(json.dumps({"valid": not problems, "problems": problems}))
    if problems:
        raise UserError("\n".join(problems))
    if not as_json:
        typer.echo(f"{len(paths)} valid")


@app.command()
def pupils(
    name: Name,
    instellingscode: Annotated[
        str | None,
        typer.Option(help="Of which school. Without: of all schools of the scenario."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the stamnummers that Magister knows, one a line: the file for KOPPELING_STAMNUMMERS."""
    from mockserver.play import known_stamnummers

    (scenario,) = common.find_scenarios([name])
    schools = {school.instellingscode: school for school in scenario.schools}
    if instellingscode is not None and instellingscode not in schools:
        raise UserError(
            f"{scenario.name}: has no school {instellingscode!r}; it has {', '.join(schools)}"
        )
    wanted = [schools[instellingscode]] if instellingscode else list(schools.values())
    numbers = sorted({number for school in wanted for number in known_stamnummers(school)})
    if as_json:
        print(json.dumps([str(number) for number in numbers]))
    else:
        typer.echo("\n".join(map(str, numbers)))
