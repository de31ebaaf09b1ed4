"""The selection of results: keyset batches with a signed cursor.

A batch starts behind the last position of the one before, found by the primary key; so batch
1,000 costs what batch 1 costs, and a result that comes in meanwhile moves nothing. The database
joins the batch itself and gives back one row: fetched one by one, Python's sqlite3 hands over the
interpreter lock at each of them, and the server's threads fight for it.
"""

from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Select,
    and_,
    bindparam,
    cast,
    func,
    select,
)

from mockserver.database import result, setting
from mockserver.faults import Kind, Refusal
from mockserver.messages import Batch, Call, Grant

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START = ""


class Cursor(NamedTuple):
    """What a vervolgsleutel carries: the school, the last position served, the batch's number.

    It is signed, so that a client can't make one up, but it is no credential: key, school and
    filter are checked on each call.
    """

    instellingscode: str
    position: str
    nummer: int


def position(processed: int, resultaatid: str = "") -> str:
    """Where a result lies in its school. Without a resultaatid: before all of that millisecond."""
    return f"{processed:015d}{resultaatid}"


_FINAL = and_(
    result.c.school == bindparam("school"),
    result.c.position > bindparam("after"),
    result.c.position < bindparam("until"),
)
_OF_PUPILS = and_(_FINAL, result.c.stamnummer.in_(bindparam("stamnummers", expanding=True)))


def _page(where: ColumnElement[bool]) -> "Select[int, Any, Any]":
    """A batch as one row: how many, the last position, the fragments joined in order."""
    page = (
        select(result.c.position, result.c.fragment)
        .where(where)
        .order_by(result.c.position)
        .limit(bindparam("maxaantal"))
        .subquery()
    )
    return select(
        func.count(),
        func.max(page.c.position),
        # as bytes: the answer needs no characters, and 400 kB of them take long to decode
        cast(func.aggregate_strings(page.c.fragment, ""), LargeBinary),
    ).select_from(page)


# Made once: building a statement takes longer than running it.
_BATCH = _page(_FINAL)
_BATCH_OF_PUPILS = _page(_OF_PUPILS)
_OFFERED = (
    select(func.substr(result.c.position, len(position(0)) + 1), result.c.stamnummer)
    .where(_FINAL)
    .order_by(result.c.position)
)


class Results:
    """The results of all schools in a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            self._signer = URLSafeSerializer(_secret(connection), salt="vervolgsleutel")

    def batch(self, grant: Grant, call: Call, now: datetime) -> Batch:
        """The next batch for this call, of the results that are final at `now`. Raises Refusal."""
        start = self._start(grant, call)
        values = {**_bounds(grant, start.position, now), "maxaantal": call.maxaantal}
        statement = _BATCH
        if call.stamnummers is not None:
            statement = _BATCH_OF_PUPILS
            values["stamnummers"] = sorted(call.stamnummers)
        with self._engine.connect() as connection:
            aantal, last, fragments = connection.execute(statement, values).one()
        cursor = Cursor(grant.instellingscode, last or start.position, start.nummer + 1)
        return Batch(
            aanmaakdatum=now,
            aantal=aantal,
            vervolgsleutel=self._sign(cursor) if aantal else None,
            toetsafnames=fragments or b"",
            nummer=cursor.nummer,
        )

    def offered(self, grant: Grant, now: datetime) -> list[tuple[str, int]]:
        """The resultaatid and stamnummer of every result that is final at `now`, in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(_OFFERED, _bounds(grant, _START, now))
            return [(row[0], row[1]) for row in rows]

    def _start(self, grant: Grant, call: Call) -> Cursor:
        """Where the batch starts: behind the cursor, on the day of vanaf, or at the beginning."""
        if call.vervolgsleutel is not None:
            return self._verify(call.vervolgsleutel, grant)
        first = position(_midnight(call.vanaf)) if call.vanaf else _START
        return Cursor(grant.instellingscode, first, 0)

    def _sign(self, cursor: Cursor) -> str:
        signed = self._signer.dumps(cursor)
        return signed if isinstance(signed, str) else signed.decode()

    def _verify(self, token: str, grant: Grant) -> Cursor:
        try:
            cursor = Cursor(*self._signer.loads(token))
        except BadSignature:
            raise Refusal(Kind.VERVOLGSLEUTEL_ONGELDIG) from None
        if cursor.instellingscode != grant.instellingscode:
            raise Refusal(Kind.VERVOLGSLEUTEL_ONGELDIG)
        return cursor


def _secret(connection: Connection) -> str:
    """What the vervolgsleutels of this database are signed with, made once."""
    found = connection.execute(setting.select().where(setting.c.name == "secret")).one_or_none()
    if found is not None:
        return str(found.value)
    made = token_hex(32)
    connection.execute(setting.insert().values(name="secret", value=made))
    return made


def _bounds(grant: Grant, after: str, now: datetime) -> dict[str, Any]:
    """The school's results behind a position that are final at `now`."""
    until = position(_milliseconds(now) + 1)
    return {"school": grant.school, "after": after, "until": until}


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _midnight(day: date) -> int:
    """The first millisecond of a day in the Netherlands, whose day it is that vanaf means."""
    return _milliseconds(datetime.combine(max(day, EPOCH.date()), time(), AMSTERDAM))
