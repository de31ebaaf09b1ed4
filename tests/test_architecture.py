"""The import directions, each with its reason."""

import ast
from pathlib import Path

import grimp
import pytest

GRAPH = grimp.build_graph("mockserver", "client", include_external_packages=True)
COMMAND = Path(__file__).parents[1] / "koppeling.py"

STAGES = {
    "mockserver.guard",
    "mockserver.wire",
    "mockserver.access",
    "mockserver.results",
}


def importers_of(name: str) -> set[str]:
    """The modules of ours that import `name` themselves."""
    return {
        each for each in GRAPH.find_modules_that_directly_import(name) if each.split(".")[0] != name
    }


def test_server_and_client_know_nothing_of_each_other() -> None:
    """The client would work on any server with this contract, and the server with any client."""
    ours = GRAPH.modules
    server = {each for each in ours if each.split(".")[0] == "mockserver"}
    client = {each for each in ours if each.split(".")[0] == "client"}
    crossing = {
        (one, other)
        for one in server | client
        for other in GRAPH.find_modules_directly_imported_by(one)
        if {one.split(".")[0], other.split(".")[0]} == {"mockserver", "client"}
    }
    assert crossing == set()


def test_the_command_takes_only_commands_of_both() -> None:
    """The command puts the commands of both sides together, and does nothing of its own."""
    tree = ast.parse(COMMAND.read_text("utf-8"))
    named = {
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }
    taken = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    ours = {
        name for name in named | taken if name and name.split(".")[0] in ("mockserver", "client")
    }
    assert ours == {
        "client.commands",
        "client.errors",
        "mockserver.commands",
        "mockserver.errors",
    }


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_no_stage_imports_another(stage: str) -> None:
    """The stages of a call meet in the service only, so each can be changed by itself."""
    assert GRAPH.find_modules_directly_imported_by(stage) & (STAGES - {stage}) == set()


def test_messages_import_nothing_of_ours() -> None:
    """What crosses a boundary belongs to neither side of it."""
    imported = GRAPH.find_modules_directly_imported_by("mockserver.messages")
    assert {each for each in imported if each.split(".")[0] in ("mockserver", "client")} == set()


@pytest.mark.parametrize(
    ("library", "users"),
    [
        # the seam where another contract can be put in
        (
            "spyne",
            {"mockserver.contract.types", "mockserver.contract.publication", "mockserver.wire"},
        ),
        ("cheroot", {"mockserver.server", "mockserver.connection", "mockserver.tls"}),
        ("flask", {"mockserver.app"}),
        ("zeep", {"client.api", "client.rows"}),
        ("sqlite3", {"client.store"}),
        ("structlog", {"mockserver.log"}),
        ("faker", {"mockserver.dataset.pupils"}),
        (
            "sqlalchemy",
            {
                "mockserver.database",
                "mockserver.results",
                "mockserver.schools",
                "mockserver.server",
                "mockserver.session",
                "mockserver.commands.common",
            },
        ),
    ],
)
def test_a_library_has_few_users(library: str, users: set[str]) -> None:
    """Each library is known in few places, so that it can be replaced."""
    assert importers_of(library) == users


def test_the_data_knows_nothing_of_the_wire() -> None:
    """Making data needs no database, no spyne and no server."""
    below = GRAPH.find_upstream_modules("mockserver.dataset.school")
    ours = {each for each in below if each.startswith("mockserver")}
    others = {each for each in ours if not each.startswith("mockserver.dataset")}
    assert others == {"mockserver.fragment"}
