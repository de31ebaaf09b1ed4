"""Puts what is wrong with a file into words: the place, what was found, what would be right."""

import re
import tomllib
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

Loc = tuple[str | int, ...]

_NO_DATE = "must be a date of TOML, without quotes: 2025-06-02, or 2025-06-02T08:00:00+02:00"
_WORDS = {
    "missing": "missing; it must be there",
    "date_type": _NO_DATE,
    "datetime_type": _NO_DATE,
    "string_pattern_mismatch": "holds a character that can't be sent (a control character)",
    "timezone_aware": "a moment needs its offset, as in 2025-06-02T08:00:00+02:00",
}
"""What is said of a kind of mistake, where pydantic's own words would not help."""


def not_toml(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Where a file stops being TOML, with the line itself and what a date looks like."""
    place = re.search(r"at line (\d+)", str(error))
    line = text.splitlines()[int(place[1]) - 1].strip()[:60] if place else ""
    hint = "; a day is written 2025-06-02, a moment 2025-06-02T08:00:00+02:00"
    return f"not TOML: {error}: {line}{hint if 'date' in str(error) else ''}"


def explain(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """A line a mistake. What only follows from another mistake is left out."""
    problems = error.errors()
    broken = {problem["loc"][:1] for problem in problems if len(problem["loc"]) > 1}
    meant = {
        (*problem["loc"][:-1], near)
        for problem in problems
        if problem["type"] == "extra_forbidden"
        for near in _near(problem["loc"], model)
    }
    follows = {("too_short", loc) for loc in broken} | {("missing", loc) for loc in meant}
    return [
        _line(problem, model)
        for problem in problems
        if (problem["type"], problem["loc"]) not in follows
    ]


def _line(problem: Any, model: type[BaseModel]) -> str:
    """One mistake in one line."""
    loc: Loc = problem["loc"]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    what = _what(problem, model)
    return f"{place.lstrip('.')}: {what}" if place else what


def _what(problem: Any, model: type[BaseModel]) -> str:
    loc, kind = problem["loc"], problem["type"]
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "extra_forbidden":
        near, known = _near(loc, model), ", ".join(_keys_beside(loc, model))
        return "unknown key" + (f"; did you mean {near[0]!r}?" if near else f"; known: {known}")
    if kind == "model_type":
        return f"must be a table with {', '.join(_keys_beside((*loc, ''), model))}"
    wrong = str(problem["msg"]).removeprefix("Value error, ")
    found = problem["input"]
    shown = f", found {found!r}" if isinstance(found, str | int | float | bool) else ""
    return f"{wrong[0].lower()}{wrong[1:]}{shown}"


def _near(loc: Loc, model: type[BaseModel]) -> list[str]:
    """The known key that an unknown one was meant to be, if any."""
    return get_close_matches(str(loc[-1]), _keys_beside(loc, model), n=1)


def _keys_beside(loc: Loc, model: Any) -> list[str]:
    """The keys that are known at the place of `loc`."""
    for part in loc[:-1]:
        if isinstance(part, str):
            model = model.model_fields[part].annotation
            while not hasattr(model, "model_fields"):
                model = model.__args__[0]
    return list(model.model_fields)
