"""Ledgers: workbooks that an office sends at its hours with what has changed since the last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from demo import drops
from demo.dirt import CLEAN, Dirty
from demo.lives import Book, Life
from demo.stage import Stage
from demo.town import Town
from demo.workbook import workbook


@dataclass(frozen=True)
class Ledger:
    """One office's ledger: its matters, when it is sent, how it looks, how far it goes back."""

    draw: Callable[[Town, date], Sequence[Life]]
    span: int
    slot: drops.Slot
    name: str
    page: str
    titles: Callable[[datetime], Sequence[str]]
    header: tuple[str, ...]
    overlap: timedelta
    least: int = 0  # a quiet day's file repeats the latest changes, as real exports do

    async def work(self, stage: Stage) -> None:
        """A workbook whenever it is due."""
        book = Book(stage.town, self.draw, self.span)

        def make(now: datetime, last: datetime | None) -> tuple[str, bytes]:
            payload = self.file(book, now, last, stage.dirt(now))
            return f"{self.name}{now:%Y%m%d%H%M}.xlsx", payload

        await drops.drop_for_ever(stage, self.slot, make)

    def file(
        self, book: Book[Life], now: datetime, last: datetime | None, dirt: Dirty = CLEAN
    ) -> bytes:
        """What changed since shortly before the last file; everything when there was none."""
        entries = book.changed(now, datetime.min if last is None else last - self.overlap)
        if last is not None and len(entries) < self.least:
            entries = book.changed(now, now - timedelta(days=60))[-self.least :]
        rows = dirt.rows(book.row(entry, now) for entry in entries)
        return workbook(self.page, self.titles(now), dirt.header(self.header), rows)
