"""A read-only view of another office's database, page by page, new rows by their update time.

Pages are cut by (update column, key), so that rows which change meanwhile push none over a page
border. Each page lands as JSON with every value as text; what it means is for the platform's parse.
Rows without an update time are asked for at every poll, since nothing would tell when they change.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    exc,
    func,
    literal_column,
    quoted_name,
    select,
    table,
    tuple_,
)

from cases.faults import Fault
from config.platforms import Platform
from etl.errors import Refused, Retryable
from etl.transports.answer import Answer
from etl.transports.bounded import MAX_BYTES
from etl.transports.sql_question import Question, question
from etl.transports.sql_session import bound, session, told
from etl.transports.sql_totals import check_totals, totals
from etl.transports.sql_value import as_text

__all__ = ["check", "check_totals", "poll", "totals"]

_DIGITS: Final = (
    20  # a version as a cursor is as long as the largest, so that texts sort as it does
)
Order = list[ColumnClause[Any]]


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    question(platform)


def poll(platform: Platform) -> View:
    """The view, ready to be asked."""
    return View(question(platform))


@dataclass
class _Page:
    """One page as it lands, and what the next one goes on from."""

    payload: bytes
    stamps: list[Any]
    last: tuple[Any, ...] | None  # update value and key of the last row
    count: int


class View:
    """Asks one view; one connection a poll, none in between."""

    ext = "json"

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        schema, _, name = asked["view"].rpartition(".")
        self._view = table(
            quoted_name(name, True), schema=quoted_name(schema, True) if schema else None
        )
        self._key: Order = [_column(each) for each in asked.tells_apart]
        self._updated = _column(asked["updated"]) if asked["updated"] else None
        listed = dict.fromkeys([*asked["columns"], *asked.tells_apart, asked["updated"]])
        self._columns: list[ColumnElement[Any]] = [literal_column("*")]
        if asked["columns"]:
            self._columns = [_column(each) for each in listed if each]

    def close(self) -> None:
        """Nothing is kept between polls."""

    def pages(self, cursor: str | None, now: datetime) -> Iterator[Answer]:
        """All pages that are new since the cursor; EtlError when one cannot be had."""
        asked = self.asked
        with session(asked.key, asked.options, asked.timeout) as connection:
            total = self._total(connection) if cursor is None else None
            for payload, after, count in self._since(connection, cursor, now):
                yield Answer(payload, after, count, total)
                total = None

    def _since(
        self, connection: Connection, cursor: str | None, now: datetime
    ) -> Iterator[tuple[bytes, str | None, int]]:
        """New pages, the first even when it is empty; then what tells no time."""
        if self._updated is None:
            for page in self._walk(connection, self._key, None, even_empty=True):
                yield page.payload, None, page.count
            return
        is_new: ColumnElement[bool] = self._updated.is_not(None)
        if cursor is not None:
            is_new = self._updated >= bound(self._back(cursor))
        for page in self._walk(connection, [self._updated, *self._key], is_new, even_empty=True):
            yield page.payload, self._cursor(page.stamps, now), page.count
        for page in self._walk(connection, self._key, self._updated.is_(None), even_empty=False):
            yield page.payload, None, page.count

    def _walk(
        self,
        connection: Connection,
        order: Order,
        among: ColumnElement[bool] | None,
        *,
        even_empty: bool,
    ) -> Iterator[_Page]:
        last: tuple[Any, ...] | None = None
        while True:
            wanted = self._statement(order, among, last)
            page = self._read(connection, partial(self._page, wanted=wanted, order=order))
            if page.count or (even_empty and last is None):
                yield page
            if page.count < self.asked["size"]:
                return
            last = page.last
            if last is None or None in last:
                raise Refused(
                    self.asked.key,
                    f"a row has no {', '.join(self.asked.tells_apart)}",
                    fault=Fault.VIEW,
                )

    def _statement(
        self, order: Order, among: ColumnElement[bool] | None, last: tuple[Any, ...] | None
    ) -> Select[Any]:
        wanted = select(*self._columns).select_from(self._view)
        if among is not None:
            wanted = wanted.where(among)
        if last is not None:
            # the first comparison says nothing new, but lets MariaDB use its index
            bounds = [bound(each) for each in last]
            wanted = wanted.where(and_(order[0] >= bounds[0], tuple_(*order) > tuple_(*bounds)))
        return wanted.order_by(*order).limit(self.asked["size"])

    def _page(self, connection: Connection, wanted: Select[Any], order: Order) -> _Page:
        until = time.monotonic() + self.asked.timeout.total_seconds()
        names = [each.name for each in order]
        rows: list[bytes] = []
        stamps: list[Any] = []
        size, last = 0, None
        streamed = connection.execution_options(stream_results=True, max_row_buffer=200)
        with streamed.execute(wanted) as result:
            self._expect(names, list(result.keys()))
            for row in result.mappings():
                said = {name: as_text(value) for name, value in row.items()}
                piece = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(
                    "utf-8", "replace"
                )
                size += len(piece)
                if size > MAX_BYTES:
                    raise Refused(
                        self.asked.key,
                        f"a page is larger than {MAX_BYTES >> 20} MiB",
                        fault=Fault.TOO_LARGE,
                    )
                if time.monotonic() > until:
                    raise Retryable(self.asked.key, "the rows took too long", fault=Fault.TIMEOUT)
                rows.append(piece)
                last = tuple(row[name] for name in names)
                stamps.append(last[0])
        payload = b'{"rows":[' + b",\n".join(rows) + b"]}"
        return _Page(payload, stamps, last, len(rows))

    def _expect(self, wanted: list[str], given: list[str]) -> None:
        for name in wanted:
            if name not in given:
                found = ", ".join(given)
                raise Refused(
                    self.asked.key,
                    f"the view has no column {name}; it has {found}",
                    fault=Fault.VIEW,
                )

    def _total(self, connection: Connection) -> int | None:
        """How many rows a first poll brings; not worth failing for where counting takes long."""
        try:
            return cast("int", self._read(connection, self._count))
        except Retryable:
            return None

    def _count(self, connection: Connection) -> int:
        counted = connection.execute(select(func.count()).select_from(self._view))
        return int(counted.scalar_one())

    def _back(self, cursor: str) -> Any:
        """Where to begin: the overlap before the cursor, as the column holds it."""
        kind, back = self.asked["updated_type"], self.asked.back
        if isinstance(back, int):
            return max(0, int(cursor) - back)
        try:
            begin = datetime.fromisoformat(cursor) - back
        except ValueError:
            raise Refused(
                self.asked.key, f"{cursor} is no time to go on from", fault=Fault.VIEW
            ) from None
        if kind == "time":
            return begin
        # as the column writes its times: a text compares by its characters
        return begin.isoformat(cursor[10:11] or " ", "seconds")[: max(10, min(len(cursor), 19))]

    def _cursor(self, stamps: list[Any], now: datetime) -> str | None:
        """How far a page reached; a time ahead of our clock must not make us skip what follows."""
        kind = self.asked["updated_type"]
        if kind == "number":
            numbers = [int(each) for each in stamps if isinstance(each, int | Decimal)]
            return f"{max(numbers):0{_DIGITS}d}" if numbers else None
        if kind == "text":
            texts = [each for each in stamps if isinstance(each, str) and _is_time(each)]
            ahead = now.isoformat(" ", "seconds")
            return max((each for each in texts if each.replace("T", " ") <= ahead), default=None)
        times = [as_text(each) for each in stamps if isinstance(each, date)]
        reached = max((each for each in times if each), default=None)
        return None if reached is None else min(reached, now.isoformat())

    def _read(self, connection: Connection, work: Callable[[Connection], Any]) -> Any:
        """One statement in a transaction of its own, so that none stays open while we load."""
        try:
            with connection.begin():
                return work(connection)
        except exc.SQLAlchemyError as error:
            raise told(self.asked.key, error) from None


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _column(name: str) -> ColumnClause[Any]:
    return column(quoted_name(name, True))
