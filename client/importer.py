"""The import, as the manual says: batch by batch, until no more results are found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from client.api import VERVOLGSLEUTEL_ONGELDIG
from client.errors import Refused, Unreadable
from client.messages import Batch, Toetsafname
from client.settings import Settings
from client.store import Progress, Store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""A school's days are Dutch days, whatever offset a moment is written with."""


class Service(Protocol):
    """What the import needs of the web service."""

    def fetch(self, vanaf: date | None = None, vervolgsleutel: str | None = None) -> Batch:
        """One batch: the next after `vervolgsleutel`, or the first from `vanaf` on."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did. batches: with results in them. received = stored + skipped + unknown:
    new here, here already (H16), of a pupil unknown to Magister (H10). done: no more results are
    found (H20). mark: the newest verwerkingsdatum received so far, in any import."""

    batches: int = 0
    received: int = 0
    stored: int = 0
    skipped: int = 0
    unknown: int = 0
    done: bool = False
    mark: datetime | None = None


class Importer:
    """Imports the results of one school."""

    def __init__(
        self,
        service: Service,
        store: Store,
        settings: Settings,
        report: Callable[[Summary], None] = lambda _: None,
    ) -> None:
        self._service = service
        self._store = store
        self._school = settings.instellingscode
        self._known = settings.known
        self._report = report
        self.summary = Summary(mark=store.progress(self._school).mark)

    def run(self, batches: int | None = None, vanaf: date | None = None) -> Summary:
        """Fetches and keeps batches until none is left, or `batches` of them (one press: 1, H17).

        vanaf: start at this day (H12) instead of where the last import ended. An import that was
        interrupted goes on where it was. Raises ImportFailed; what was stored stays stored.
        """
        progress = self._start(vanaf)
        while batches is None or self.summary.batches < batches:
            batch, progress = self._ask(progress)
            if batch.toetsafnames and batch.vervolgsleutel == progress.vervolgsleutel:
                raise Unreadable(
                    "the service keeps giving the same batch, so the import would never end; "
                    "report it to the vendor's help desk"
                )
            progress = self._keep(batch, progress)
            self._report(self.summary)
            if not batch.toetsafnames:
                break
        return self.summary

    def _start(self, vanaf: date | None) -> Progress:
        """Where to begin: at the day asked for, in the middle of an unfinished series, or at the
        day of the mark (H18). The mark comes from the results received, never from the clock: by
        the clock, a long first import would skip what it has not fetched yet."""
        progress = self._store.progress(self._school)
        if vanaf is None:
            if progress.vervolgsleutel is not None:
                return progress
            mark = progress.mark and _day(progress.mark)
            return replace(progress, vanaf=_earliest(mark, progress.gap), reached=None)
        gap = progress.gap
        if progress.vervolgsleutel is not None:
            # the unfinished series is left for another: what it did not get to may be missing
            gap = _earliest(gap, _day(progress.reached) if progress.reached else progress.vanaf)
        return replace(progress, vervolgsleutel=None, vanaf=vanaf, reached=None, gap=gap)

    def _ask(self, progress: Progress) -> tuple[Batch, Progress]:
        """The next batch, and the progress it was asked with. When the vervolgsleutel is no longer
        good, the series starts again: what is here already is skipped."""
        if progress.vervolgsleutel is None:
            return self._service.fetch(vanaf=progress.vanaf), progress
        try:
            return self._service.fetch(vervolgsleutel=progress.vervolgsleutel), progress
        except Refused as refusal:
            if refusal.code != VERVOLGSLEUTEL_ONGELDIG:
                raise
        progress = replace(progress, vervolgsleutel=None)
        return self._service.fetch(vanaf=progress.vanaf), progress

    def _keep(self, batch: Batch, progress: Progress) -> Progress:
        """Stores a batch with how far it brings the import. An empty one ends the series."""
        wanted = [each for each in batch.toetsafnames if self._knows(each)]
        dates = [each.verwerkingsdatum for each in batch.toetsafnames]
        after = replace(
            progress,
            mark=max([*dates, *([progress.mark] if progress.mark else [])], default=None),
            vervolgsleutel=batch.vervolgsleutel,
            reached=dates[-1] if dates else progress.reached,
        )
        if not dates:
            covered = after.gap is None or after.vanaf is None or after.vanaf <= after.gap
            after = Progress(mark=after.mark, gap=None if covered else after.gap)
        stored = self._store.save(self._school, wanted, after)
        self._count(batch, len(wanted), stored, after)
        return after

    def _knows(self, result: Toetsafname) -> bool:
        """Whether the pupil is known to Magister (H10)."""
        return self._known is None or result.stamnummer in self._known

    def _count(self, batch: Batch, wanted: int, stored: int, progress: Progress) -> None:
        received, so_far = len(batch.toetsafnames), self.summary
        self.summary = Summary(
            batches=so_far.batches + bool(received),
            received=so_far.received + received,
            stored=so_far.stored + stored,
            skipped=so_far.skipped + wanted - stored,
            unknown=so_far.unknown + received - wanted,
            done=not received,
            mark=progress.mark,
        )


def _day(moment: datetime) -> date:
    """The day of a moment in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date()


def _earliest(*days: date | None) -> date | None:
    """The earliest of the days that are given."""
    return min((day for day in days if day), default=None)
