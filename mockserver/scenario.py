"""Scenario files: TOML in, a frozen Scenario out, or a line that says what is wrong and where.

A scenario is a situation to test a client in: one or more schools, and the moments at which the
tester imports. It is data and is played; it holds no code.
"""

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError, model_validator

from mockserver import mistakes
from mockserver.clauses import clauses
from mockserver.dataset.recipe import FIRST_DAY, LAST_DAY, ListOf, Recipe, Strict
from mockserver.errors import UserError
from mockserver.faults import Kind

SUFFIX = ".toml"
_SENDABLE = r"^[^\x00-\x1f\x7f\ufffe\uffff]*$"
Code = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=_SENDABLE)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_SENDABLE)]


class ScenarioError(UserError):
    """A scenario that can't be had. Its text is a line a mistake: file, place, what is right."""


class Text(Strict):
    """A text in both languages."""

    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)


class School(Strict):
    """A school as the vendor knows it.

    fill_in: whose SOAP-key the tester fills in; "TOA" is the mistake that H07 warns of. manner:
    "strict" refuses every breach of the contract; "lenient" answers where a call can be understood,
    and only notes the breach.
    """

    name: str = Field(min_length=1)
    instellingscode: Code
    soapkey: Key
    toa_soapkey: Key
    fill_in: Literal["JIJ!", "TOA"] = "JIJ!"
    manner: Literal["strict", "lenient"] = "strict"
    data: Recipe

    @property
    def given_soapkey(self) -> str:
        """The SOAP-key that the tester fills in."""
        return self.soapkey if self.fill_in == "JIJ!" else self.toa_soapkey


class Import(Strict):
    """A moment at which the tester imports until no more results are found.

    at: what the clock stands at; results that become final later are not there yet.
    refused: the fault code that the import must end in, where it must not succeed.
    """

    at: AwareDatetime
    refused: str | None = None


class Scenario(Strict):
    """One situation. `name` is the file's name without its suffix."""

    name: str
    title: Text
    why: Text
    tester: Text
    clauses: Annotated[tuple[str, ...], ListOf] = Field(min_length=1)
    schools: Annotated[tuple[School, ...], ListOf] = Field(min_length=1)
    imports: Annotated[tuple[Import, ...], ListOf] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """What no single field can show."""
        for wrong in self._contradictions():
            raise ValueError(wrong)
        return self

    def _contradictions(self) -> Iterator[str]:
        for clause in self.clauses:
            if clause not in clauses():
                yield f"clauses: the manual has no clause {clause!r}; it has H00 to H20"
        codes = sorted({kind.value.code for kind in Kind})
        for moment in self.imports:
            if moment.refused and moment.refused not in codes:
                known = ", ".join(codes)
                yield f"imports: no fault has the code {moment.refused!r}; there are {known}"
            if not FIRST_DAY <= moment.at.date() <= LAST_DAY:
                yield f"imports: {moment.at} must lie between {FIRST_DAY} and {LAST_DAY}"
        for previous, following in zip(self.imports, self.imports[1:], strict=False):
            if following.at < previous.at:
                yield f"imports: {following.at} comes before {previous.at}; put them in order"
        yield from _doubles("instellingscode", [school.instellingscode for school in self.schools])
        keys = [key for school in self.schools for key in (school.soapkey, school.toa_soapkey)]
        yield from _doubles("SOAP-key", keys)


def _doubles(what: str, values: list[str]) -> Iterator[str]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        shown = value if what == "instellingscode" else f"…{value[-2:]}"
        yield f"schools: two share the {what} {shown}; each needs its own"


def library() -> dict[str, Traversable]:
    """The project's own scenario files by name."""
    packaged = files("mockserver").joinpath("scenarios")
    folder = packaged if packaged.is_dir() else Path(__file__).parents[1] / "scenarios"
    return {
        entry.name.removesuffix(SUFFIX): entry
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(SUFFIX)
    }


def find(name: str) -> Scenario:
    """The scenario of the project with this name, or the one in the file at this path.

    Raises ScenarioError.
    """
    if name.endswith(SUFFIX):
        return load(Path(name))
    known = library()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise ScenarioError(
            f"{name}: no such scenario; {meant}there are {', '.join(known)}, "
            f"and a path that ends in {SUFFIX} is read as a file"
        )
    return load(known[name])


def load(file: Traversable | Path) -> Scenario:
    """The scenario in a file. Raises ScenarioError."""
    try:
        table = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise ScenarioError(f"{file}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            f"{file}: {mistakes.not_toml(error, file.read_text('utf-8-sig'))}"
        ) from None
    table.setdefault("name", file.name.removesuffix(SUFFIX))
    try:
        return Scenario.model_validate(table)
    except ValidationError as error:
        lines = [f"{file}: {line}" for line in mistakes.explain(error, Scenario)]
        raise ScenarioError("\n".join(lines)) from None
