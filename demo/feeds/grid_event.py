"""网格: events and duty days by offset, open inside the government network."""

from __future__ import annotations

from datetime import datetime

from starlette.routing import Route

from demo.grid_work import SPAN, draw
from demo.lives import Book, as_text
from demo.paged import Manner, Record, paged
from demo.stage import Stage

MANNER = Manner(
    since="gxsjStart",
    page="offset",
    size="limit",
    good=lambda rows, total: {
        "code": "0000", "message": None, "data": {"total": str(total), "rows": rows}
    },
    bad=lambda _, said: {"code": "0001", "message": said, "data": None},
    by_offset=True,
)  # fmt: skip


def routes(stage: Stage) -> list[Route]:
    """The listing of the grid platform."""
    book = Book(stage.town, draw, SPAN)

    def record(entry: int, now: datetime) -> Record:
        return dict(as_text(book.row(entry, now)))

    return [paged("/grid_event/event/list", stage.town, book.changed, MANNER, record)]
