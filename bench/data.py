"""Making data, and finding a batch in it."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mockserver.database import connect
from mockserver.dataset.recipe import Recipe
from mockserver.dataset.school import results
from mockserver.messages import Call, Grant, Secret
from mockserver.results import Results
from mockserver.scenario import School, find
from mockserver.session import open_sessions

YEARS = ("2022-2023", "2023-2024", "2024-2025")
LARGE = Recipe(seed=1, pupils=4000, school_years=YEARS, tests=9)
SMALL = Recipe(seed=1, pupils=600, school_years=YEARS, tests=8)
NOW = datetime.fromisoformat("2030-01-01T00:00:00+01:00")


def making() -> dict[str, Callable[[], float]]:
    """Results made a second, for a large school and for the standard one."""

    def rate(recipe: Recipe) -> float:
        started = time.perf_counter()
        count = len(results(recipe, "99AA"))
        return count / (time.perf_counter() - started)

    return {"100,000 results": lambda: rate(LARGE), "14,000 results": lambda: rate(SMALL)}


def batches(folder: Path) -> dict[str, Callable[[], float]]:
    """Batches read a second, at the beginning and far into the same data."""
    engine = connect(f"sqlite:///{folder / 'batches.sqlite'}")
    school = find("eerste-import").schools[0].model_copy(update={"data": LARGE})
    scenario = find("eerste-import").model_copy(update={"schools": (school,)})
    (session,) = open_sessions(engine, [scenario])
    store = Results(engine)
    tokens = _tokens(store, session.grant, school)

    def rate(token: str | None) -> float:
        call = _call(school, token)
        started = time.perf_counter()
        for _ in range(300):
            store.batch(session.grant, call, NOW)
        return 300 / (time.perf_counter() - started)

    return {"batch 2": lambda: rate(tokens[1]), "batch 1,000": lambda: rate(tokens[999])}


def _tokens(store: Results, grant: Grant, school: School) -> list[str | None]:
    """What the first 1,000 batches are asked with."""
    found: list[str | None] = [None]
    while len(found) < 1000:
        batch = store.batch(grant, _call(school, found[-1]), NOW)
        assert batch.aantal == 100
        found.append(batch.vervolgsleutel)
    return found


def _call(school: School, token: str | None) -> Call:
    return Call(school.instellingscode, Secret(school.soapkey), vervolgsleutel=token)
