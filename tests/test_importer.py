"""The import and the store: results and mark together, once, and from where it was."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from client.errors import ImportFailed, Refused, StoreError, Unavailable, Unreadable
from client.importer import Importer, Summary
from client.messages import Batch, Resultaat, Toets, Toetsafname
from client.settings import Settings
from client.store import Progress, Store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2025, 3, 11, 9, tzinfo=AMSTERDAM)


def result(number: int, stamnummer: int = 1) -> Toetsafname:
    """The number-th result of a school, an hour after the one before."""
    final = START + timedelta(hours=number)
    toets = Toets("code", "naam", "Rekenen")
    return Toetsafname(f"r{number}", str(stamnummer), final.date(), final, toets, Resultaat())


class Service:
    """A service in memory, with batches of two; it notes what it was asked."""

    def __init__(self, count: int) -> None:
        self.results = [result(number) for number in range(count)]
        self.asked: list[tuple[date | None, str | None]] = []
        self.fail: dict[int, ImportFailed] = {}

    def fetch(self, vanaf: date | None = None, vervolgsleutel: str | None = None) -> Batch:
        """The next two results."""
        self.asked.append((vanaf, vervolgsleutel))
        if len(self.asked) in self.fail:
            raise self.fail[len(self.asked)]
        rest = [
            each
            for number, each in enumerate(self.results)
            if number >= int(vervolgsleutel or 0)
            and (vanaf is None or each.verwerkingsdatum.astimezone(AMSTERDAM).date() >= vanaf)
        ][:2]
        token = str(self.results.index(rest[-1]) + 1) if rest else None
        return Batch(tuple(rest), token)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(tmp_path / "client.sqlite")
    yield made
    made.close()


def importer(service: Service, store: Store, known: frozenset[str] | None = None) -> Importer:
    """An import of the school."""
    settings = Settings("http://x/?wsdl", "99AA", "key", Path("unused"), known)
    return Importer(service, store, settings)


def stored(store: Store, school: str = "99AA") -> list[str]:
    """The resultaatids in the store."""
    file = io.StringIO()
    store.dump(school, file)
    return [line.split(",")[0] for line in file.getvalue().splitlines()[1:]]


def test_a_first_import_asks_until_the_empty_batch(store: Store) -> None:
    """Without a mark all is asked for; a short batch is not the end, only an empty one is."""
    service = Service(3)
    summary = importer(service, store).run()
    assert service.asked == [(None, None), (None, "2"), (None, "3")]
    assert summary == Summary(2, 3, 3, 0, 0, True, service.results[-1].verwerkingsdatum)
    assert stored(store) == ["r0", "r1", "r2"]


def test_the_mark_is_the_newest_verwerkingsdatum(store: Store) -> None:
    """A later import starts on the day of the newest result received, and stores it once."""
    service = Service(20)  # over midnight
    importer(service, store).run()
    service.asked.clear()
    summary = importer(service, store).run()
    assert service.asked[0] == (date(2025, 3, 12), None)
    assert (summary.stored, summary.skipped) == (0, 5)
    assert len(stored(store)) == 20


def test_the_day_of_the_mark_is_a_dutch_day(store: Store) -> None:
    """A mark written in another offset gives the day that it is in the Netherlands."""
    utc = datetime.fromisoformat("2025-08-01T22:30:00+00:00")
    store.save("99AA", [], Progress(mark=utc))
    service = Service(0)
    importer(service, store).run()
    assert service.asked == [(date(2025, 8, 2), None)]


def test_an_empty_import_leaves_the_mark(store: Store) -> None:
    """Imports that bring nothing do not move the mark."""
    service = Service(3)
    importer(service, store).run()
    before = store.progress("99AA")
    service.results = []
    for _ in range(3):
        assert importer(service, store).run().done
    assert store.progress("99AA").mark == before.mark


def test_an_interrupted_import_goes_on_where_it_was(store: Store) -> None:
    """What was stored before a failure stays, and the next import asks for the next batch (H15)."""
    service = Service(6)
    service.fail[3] = Unavailable("weg")
    first = importer(service, store)
    with pytest.raises(Unavailable):
        first.run()
    assert first.summary.stored == 4
    assert stored(store) == ["r0", "r1", "r2", "r3"]
    service.asked.clear()
    assert importer(service, store).run().done
    assert service.asked[0] == (None, "4")
    assert len(stored(store)) == 6


def test_one_press_fetches_one_batch(store: Store) -> None:
    """Pressing once fetches one batch; pressing on ends with the message that nothing is left."""
    service = Service(4)
    presses = [importer(service, store).run(batches=1) for _ in range(3)]
    assert [press.received for press in presses] == [2, 2, 0]
    assert [press.done for press in presses] == [False, False, True]


def test_an_expired_vervolgsleutel_starts_the_series_again(store: Store) -> None:
    """A token that is no longer good costs a fresh start of the series, nothing lost or doubled."""
    service = Service(6)
    service.fail[2] = Refused("Client.VervolgsleutelOngeldig", "verlopen")
    summary = importer(service, store).run(vanaf=date(2025, 3, 11))
    assert service.asked[1:3] == [(None, "2"), (date(2025, 3, 11), None)]
    assert (summary.stored, summary.skipped) == (6, 2)


def test_a_series_left_for_another_is_made_up_for(store: Store) -> None:
    """An import that was interrupted and then passed over by a later date filter leaves a gap; the
    next import starts there, and nothing is lost."""
    service = Service(100)  # five days
    importer(service, store).run(batches=2)
    importer(service, store).run(vanaf=date(2025, 3, 14))
    assert len(stored(store)) < 100
    service.asked.clear()
    assert importer(service, store).run().done
    assert service.asked[0] == (date(2025, 3, 11), None)
    assert len(stored(store)) == 100
    service.asked.clear()
    importer(service, store).run()
    assert service.asked[0] == (date(2025, 3, 15), None)


def test_a_date_filter_before_the_gap_closes_it(store: Store) -> None:
    """A series that starts before the gap and ends covers it."""
    service = Service(100)
    importer(service, store).run(vanaf=date(2025, 3, 13), batches=1)
    importer(service, store).run(vanaf=date(2025, 3, 11))
    assert store.progress("99AA").gap is None
    assert len(stored(store)) == 100


def test_an_older_series_that_expired_starts_again_at_its_own_day(store: Store) -> None:
    """When an interrupted series with a date filter has lost its vervolgsleutel, it starts again at
    its own day, not at the newer mark."""
    service = Service(100)
    importer(service, store).run(vanaf=date(2025, 3, 14))
    importer(service, store).run(vanaf=date(2025, 3, 12), batches=1)
    service.asked.clear()
    service.fail[1] = Refused("Client.VervolgsleutelOngeldig", "verlopen")
    assert importer(service, store).run().done
    assert service.asked[:2] == [(None, "17"), (date(2025, 3, 12), None)]
    assert len(stored(store)) == 85


def test_a_series_that_stands_still_is_given_up(store: Store) -> None:
    """A service that gives the same batch for ever is an error, not an endless import."""
    service = Service(6)
    whole = service.fetch

    def stuck(vanaf: date | None = None, vervolgsleutel: str | None = None) -> Batch:
        return whole(vanaf, "2" if vervolgsleutel == "4" else vervolgsleutel)

    service.fetch = stuck  # type: ignore[method-assign]  # a service gone wrong
    with pytest.raises(Unreadable, match="would never end"):
        importer(service, store).run()
    assert stored(store) == ["r0", "r1", "r2", "r3"]


def test_another_refusal_is_not_repeated(store: Store) -> None:
    """A refused key ends the import at once, and the mark does not move."""
    service = Service(6)
    service.fail[2] = Refused("Client.AutorisatieOngeldig", "nee")
    with pytest.raises(Refused):
        importer(service, store).run()
    assert len(service.asked) == 2
    assert store.progress("99AA").vervolgsleutel == "2"


def test_newest_year_first_then_the_one_before(store: Store) -> None:
    """A date filter that goes back fetches the overlap again and skips it (H13)."""
    service = Service(30)
    importer(service, store).run(vanaf=date(2025, 3, 12))
    mark = store.progress("99AA").mark
    summary = importer(service, store).run(vanaf=date(2025, 3, 11))
    assert (summary.stored, summary.skipped) == (15, 15)
    assert store.progress("99AA").mark == mark
    assert len(stored(store)) == 30


def test_unknown_pupils_are_counted_and_not_kept(store: Store) -> None:
    """Results of unknown pupils are left out, and still move the mark: they were received."""
    service = Service(4)
    service.results[1] = result(1, 77)
    service.results[3] = result(3, 77)
    summary = importer(service, store, frozenset({"1"})).run()
    assert (summary.received, summary.stored, summary.unknown) == (4, 2, 2)
    assert stored(store) == ["r0", "r2"]
    assert summary.mark == service.results[3].verwerkingsdatum


def test_doubles_within_and_across_batches_are_stored_once(store: Store) -> None:
    """A resultaatid that comes twice is stored once and counted as skipped."""
    batches = [[result(1), result(1)], [result(1), result(2)]]
    counts = [store.save("99AA", batch, Progress()) for batch in batches]
    assert counts == [1, 1]
    assert stored(store) == ["r1", "r2"]


def test_a_batch_is_stored_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    """Results and mark change in one transaction: a row that fails keeps back the whole batch."""
    store.save("99AA", [result(0)], Progress(vervolgsleutel="1"))
    broken = result(2)
    object.__setattr__(broken.toets, "toetscode", None)
    with pytest.raises(StoreError):
        store.save("99AA", [result(1), broken], Progress(vervolgsleutel="2"))
    assert stored(store) == ["r0"]
    assert store.progress("99AA").vervolgsleutel == "1"


def test_schools_are_kept_apart(store: Store) -> None:
    """Two schools in one file have their own results and their own mark, also for equal ids."""
    store.save("99AA", [result(1)], Progress(mark=START))
    store.save("99BB", [result(1)], Progress())
    assert (stored(store), stored(store, "99BB")) == (["r1"], ["r1"])
    assert store.progress("99BB").mark is None


def test_every_value_is_kept(store: Store, tmp_path: Path) -> None:
    """What the service sent is what the database holds, text with any character included."""
    toets = Toets("c", "Oriëntatie 𝟚 & 'x' \"y\"", "Frans", "1", "lezen", "A1")
    store.save(
        "99AA", [Toetsafname("r", "1", START.date(), START, toets, Resultaat("A1"), 3)], Progress()
    )
    with sqlite3.connect(tmp_path / "client.sqlite") as connection:
        row = connection.execute("SELECT toetsnaam, niveau, leerjaar, verwerkingsdatum FROM result")
        assert row.fetchone() == (toets.toetsnaam, "A1", 3, "2025-03-11T09:00:00.000+01:00")
    connection.close()


def test_a_file_that_cant_be_used_is_said(tmp_path: Path) -> None:
    """A database that can't be opened, or is no database, is one line that names it."""
    (tmp_path / "text").write_text("dit is geen database, en langer dan een kopregel is het ook")
    with closing(Store(tmp_path / "odd")) as odd:
        odd.save("99AA", [], Progress())
        odd._connection.execute("UPDATE progress SET mark = 'geen dag'")
        with pytest.raises(StoreError, match="geen dag"):
            odd.progress("99AA")
    for path in (tmp_path / "text", tmp_path, tmp_path / "text" / "below"):
        with pytest.raises(StoreError, match=f"database {path}"):
            Store(path)
