"""Selection and batches: every result once, in order, whatever the edges."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, insert

from mockserver import database
from mockserver.faults import Refusal
from mockserver.messages import Batch, Call, Grant, Secret
from mockserver.results import EPOCH, Results, position

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2025, 9, 1, 8, tzinfo=AMSTERDAM)
Garble = Callable[[str | None], str]
SCHOOL = Grant(1, "test", "99AA")
OTHER = Grant(2, "test", "99BB")


def call(**fields: object) -> Call:
    """A call for the school."""
    return Call("99AA", Secret("key"), **fields)  # type: ignore[arg-type]  # given by name


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An empty database."""
    made = database.connect(f"sqlite:///{tmp_path_factory.mktemp('db') / 'server.sqlite'}")
    yield made
    made.dispose()


def fill(engine: Engine, rows: list[tuple[datetime, str, int]], school: Grant = SCHOOL) -> Results:
    """A database with these results: verwerkingsdatum, resultaatid, stamnummer."""
    with engine.begin() as connection:
        for moment, resultaatid, stamnummer in rows:
            where = position((moment - EPOCH) // timedelta(milliseconds=1), resultaatid)
            connection.execute(
                insert(database.result).values(
                    school=school.school,
                    position=where,
                    stamnummer=stamnummer,
                    fragment=f"<{resultaatid}>",
                )
            )
    return Results(engine)


def series(results: Results, now: datetime = NOW, **fields: object) -> list[Batch]:
    """All batches of a series, the empty last one included."""
    batches = [results.batch(SCHOOL, call(**fields), now)]
    fields.pop("vanaf", None)
    while batches[-1].aantal:
        following = call(vervolgsleutel=batches[-1].vervolgsleutel, **fields)
        batches.append(results.batch(SCHOOL, following, now))
    return batches


def ids(batches: list[Batch]) -> list[str]:
    """The resultaatids of a series, in the order served."""
    return "".join(batch.toetsafnames.decode() for batch in batches).replace(">", "").split("<")[1:]


def days(*texts: str) -> list[datetime]:
    """Moments, in Dutch time."""
    return [datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM) for text in texts]


def test_ties_on_the_moment_are_told_apart_by_resultaatid(engine: Engine) -> None:
    """Results of one moment are served in the order of resultaatid, over the edge of a batch."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, f"r{n:03}", 1) for n in (5, 3, 9, 1, 7)])
    batches = series(results, maxaantal=2)
    assert ids(batches) == ["r001", "r003", "r005", "r007", "r009"]
    assert [batch.aantal for batch in batches] == [2, 2, 1, 0]
    assert [batch.nummer for batch in batches] == [1, 2, 3, 4]


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(st.integers(0, 6), max_size=25),
    size=st.integers(1, 8),
    known=st.none() | st.frozensets(st.integers(1, 4), min_size=1),
)
def test_a_series_serves_every_result_once_in_order(
    tmp_path_factory: pytest.TempPathFactory,
    moments: list[int],
    size: int,
    known: frozenset[int] | None,
) -> None:
    """Whatever the ties, the batch size and the filter: each result once, in the contract's order,
    and no batch is empty but the last."""
    engine = database.connect(f"sqlite:///{tmp_path_factory.mktemp('db') / 'server.sqlite'}")
    start = days("2025-01-01T00:00")[0]
    rows = [
        (start + timedelta(milliseconds=each), f"r{n * 7919 % 1000:03}", n % 5 + 1)
        for n, each in enumerate(moments)
    ]
    batches = series(fill(engine, rows), maxaantal=size, stamnummers=known)
    engine.dispose()
    wanted = [row[1] for row in sorted(rows) if known is None or row[2] in known]
    assert ids(batches) == wanted
    assert all(batch.aantal for batch in batches[:-1])
    assert all(bool(batch.vervolgsleutel) == bool(batch.aantal) for batch in batches)


@pytest.mark.parametrize(
    ("vanaf", "expected"),
    [
        (date(2025, 3, 29), ["a", "b", "c", "d"]),
        (date(2025, 3, 30), ["b", "c", "d"]),
        (date(2025, 3, 31), ["d"]),
        (date(1, 1, 1), ["a", "b", "c", "d"]),
        (date(9999, 12, 31), []),
    ],
)
def test_vanaf_is_a_dutch_day(engine: Engine, vanaf: date, expected: list[str]) -> None:
    """The lower bound is midnight in the Netherlands, also on the day the clock changes."""
    moments = days(
        "2025-03-29T23:59:59.999",
        "2025-03-30T00:00",
        "2025-03-30T23:59:59.999",
        "2025-03-31T00:00",
    )
    results = fill(engine, [(at, name, 1) for at, name in zip(moments, "abcd", strict=True)])
    assert ids(series(results, vanaf=vanaf)) == expected


def test_a_result_is_there_from_its_verwerkingsdatum_on(engine: Engine) -> None:
    """What is not final yet is not served; from its very millisecond on it is."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, "r1", 1)])
    assert ids(series(results, now=moment - timedelta(milliseconds=1))) == []
    assert ids(series(results, now=moment)) == ["r1"]


def test_the_same_vervolgsleutel_gives_the_same_page(engine: Engine) -> None:
    """A batch can be asked again: it is the same while the data is."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, f"r{n}", 1) for n in range(6)])
    token = results.batch(SCHOOL, call(maxaantal=2), NOW).vervolgsleutel
    again = [results.batch(SCHOOL, call(vervolgsleutel=token, maxaantal=2), NOW) for _ in range(2)]
    assert again[0] == again[1]


def test_the_empty_batch_stays_empty_until_something_is_new(engine: Engine) -> None:
    """The last token keeps answering with an empty batch, and serves what comes later."""
    first, second = days("2025-03-11T17:00", "2025-03-12T09:00")
    results = fill(engine, [(first, "r1", 1), (second, "r2", 1)])
    token = results.batch(SCHOOL, call(), first).vervolgsleutel
    for _ in range(2):
        empty = results.batch(SCHOOL, call(vervolgsleutel=token), first)
        assert (empty.aantal, empty.vervolgsleutel, empty.toetsafnames) == (0, None, b"")
    assert ids([results.batch(SCHOOL, call(vervolgsleutel=token), second)]) == ["r2"]


def test_a_school_sees_its_own_results_only(engine: Engine) -> None:
    """Two schools in one database do not see each other's results."""
    (moment,) = days("2025-03-11T17:00")
    fill(engine, [(moment, "ours", 1)])
    results = fill(engine, [(moment, "theirs", 1)], OTHER)
    assert ids(series(results)) == ["ours"]


def test_a_vervolgsleutel_is_good_for_its_school_only(engine: Engine) -> None:
    """The token of one school is refused at another."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, "r1", 1)])
    token = results.batch(SCHOOL, call(), NOW).vervolgsleutel
    with pytest.raises(Refusal) as refused:
        results.batch(OTHER, call(vervolgsleutel=token), NOW)
    assert refused.value.fault.code == "Client.VervolgsleutelOngeldig"


@pytest.mark.parametrize(
    "garble", [lambda t: str(t)[:-1], lambda t: f"A{t}", lambda t: str(t)[::-1], lambda _: "x"]
)
def test_a_garbled_vervolgsleutel_is_refused(engine: Engine, garble: Garble) -> None:
    """A token that the server did not make is refused, never guessed at."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, "r1", 1)])
    token = results.batch(SCHOOL, call(), NOW).vervolgsleutel
    with pytest.raises(Refusal) as refused:
        results.batch(SCHOOL, call(vervolgsleutel=garble(token)), NOW)
    assert refused.value.fault.code == "Client.VervolgsleutelOngeldig"


def test_a_vervolgsleutel_outlives_a_restart(engine: Engine) -> None:
    """The secret that signs stands in the database: a series goes on after the server restarts."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, "r1", 1), (moment, "r2", 1)])
    token = results.batch(SCHOOL, call(maxaantal=1), NOW).vervolgsleutel
    assert ids([Results(engine).batch(SCHOOL, call(vervolgsleutel=token), NOW)]) == ["r2"]


def test_ten_thousand_stamnummers_are_served(engine: Engine) -> None:
    """A filter of the largest size works."""
    (moment,) = days("2025-03-11T17:00")
    results = fill(engine, [(moment, "r1", 9_999), (moment, "r2", 10_001)])
    assert ids(series(results, stamnummers=frozenset(range(1, 10_001)))) == ["r1"]


def test_a_late_batch_reads_no_more_than_the_first(engine: Engine) -> None:
    """Batches are found by the primary key: the database never scans or sorts what lies before."""
    run: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda *call: run.append((call[2], call[3])))
    Results(engine).batch(SCHOOL, call(), NOW)
    statement, values = run[-1]
    assert "group_concat" in statement
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]  # as SQLAlchemy gave them
    steps = [row[3] for row in plan]
    assert any("SEARCH result USING PRIMARY KEY (school=? AND position>?" in step for step in steps)
    assert not any("SCAN result" in step or "ORDER BY" in step for step in steps)
