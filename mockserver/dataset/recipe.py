"""What a school is made of, as a scenario file says it."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A part of a scenario file: frozen; a key it does not know is refused, and so is a value of
    another type, like a number in quotes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


ListOf = Field(strict=False)
"""For a tuple: TOML has lists. What is in it stays strict."""


def _school_year(value: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{4}", value):
        raise ValueError("a school year is written as 2024-2025")
    first, _, second = value.partition("-")
    if int(second) != int(first) + 1:
        raise ValueError(f"after {first}- comes {int(first) + 1}")
    if not 2000 <= int(first) <= 2100:
        raise ValueError("a school year lies between 2000-2001 and 2100-2101")
    return value


FIRST_DAY, LAST_DAY = date(2000, 8, 1), date(2101, 7, 31)
"""Of the school years that there can be."""

SchoolYear = Annotated[str, AfterValidator(_school_year)]


class BigDay(Strict):
    """A day on which the whole school is tested.

    tests: how many tests each pupil makes that day. at_once: whether all results become final at
    one moment, so that only the resultaatid tells them apart in the order of the contract.
    """

    date: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
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

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """What no single field can show."""
        if len(set(self.school_years)) < len(self.school_years):
            raise ValueError("school_years: a school year is there twice")
        if self.unknown > self.pupils:
            raise ValueError("unknown: there can't be more of them than pupils")
        return self
