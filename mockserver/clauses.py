"""The manual's clauses by id, in this project's words: the data is `clauses.toml` beside this."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, the manual's section, whom it binds, its words in both languages.

    unfeatured: why no feature shows it, or None where one must.
    """

    id: str
    section: str
    binds: str
    nl: str
    en: str
    unfeatured: str | None = None


@cache
def clauses() -> dict[str, Clause]:
    """Every clause of the manual, by id."""
    table = tomllib.loads(files("mockserver").joinpath("clauses.toml").read_text("utf-8"))
    return {name: Clause(name, **fields) for name, fields in table.items()}
