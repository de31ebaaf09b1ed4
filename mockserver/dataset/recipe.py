"""What a school is made of, as a scenario file says it."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A part of a scenario file: frozen; a key it does not know is refused, and so is a value of
    another type, like a number in quotes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


ListOf = Field(strict=False)
"""For a tuple: TOML has lists. What is in it stays strict."""


def _school_year(value: str) -> str:
    first, _, second = value.partition("-")
    if not (first.isdigit() and second.isdigit() and len(first) == 4):
        raise ValueError("a school year is written as 2024-2025")
    if int(second) != int(first) + 1:
        raise ValueError(f"after {first}- comes {int(first) + 1}")
    if not 2000 <= int(first) <= 2100:
        raise ValueError("a school year lies between 2000-2001 and 2100-2101")
    return value


SchoolYear = Annotated[str, AfterValidator(_school_year)]


class BigDay(Strict):
    """A day on which the whole school is tested.

    tests: how many tests each pupil makes that day. at_once: whether all results become final at
    one moment, so that only the resultaatid tells them apart in the order of the contract.
    """

    date: date
    tests: int = Field(default=1, ge=1, le=10)
    at_once: bool = False


class Recipe(Strict):
    """A school's pupils and results.

    seed: what the chance in it starts from. pupils: about how many the school has at a time.
    school_years: those in which it tested with JIJ! (1 August to 31 July); none: a school that
    never tested. tests: how many each class makes in a school year. absent: the part of the
    pupils that misses a sitting, 0..1. unknown: how many of all pupils Magister does not know.
    days: days on which the whole school is tested, on top of that.
    """

    seed: int = Field(ge=0, le=2**31)
    pupils: int = Field(ge=1, le=100_000)
    school_years: Annotated[tuple[SchoolYear, ...], ListOf] = ()
    tests: int = Field(default=8, ge=0, le=60)
    absent: float = Field(default=0.04, ge=0, le=1)
    unknown: int = Field(default=0, ge=0)
    days: Annotated[tuple[BigDay, ...], ListOf] = ()
