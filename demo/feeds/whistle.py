"""吹哨报到: whistles with their departments, page by page, for those who have the token."""

from __future__ import annotations

from datetime import datetime

from starlette.routing import Route

from demo.lives import Book, as_text
from demo.paged import Manner, Record, paged, with_token
from demo.stage import Stage
from demo.whistles import SPAN, draw

MANNER = Manner(
    since="lastTime",
    page="pageNum",
    size="pageSize",
    good=lambda items, total: {
        "success": True, "errorMsg": None, "data": {"totalCount": str(total), "items": items}
    },
    bad=lambda _, said: {"success": False, "errorMsg": said, "data": None},
)  # fmt: skip


def routes(stage: Stage) -> list[Route]:
    """The listing of the whistle platform."""
    book = Book(stage.town, draw, SPAN)
    header = str(stage.platform.options["auth"]).removeprefix("header:")
    allowed = with_token(header, stage.secret(stage.platform.options["token_env"]))

    def record(entry: int, now: datetime) -> Record:
        return unfolded(as_text(book.row(entry, now)))

    return [paged("/whistle/order/page", stage, book, MANNER, record, allowed)]


def unfolded(row: dict[str, str | None]) -> Record:
    """`0.qssj` is a field of the first department: departments become a list under `bm`."""
    found: Record = {}
    departments: dict[str, Record] = {}
    for name, value in row.items():
        number, dot, field = name.partition(".")
        if dot:
            departments.setdefault(number, {})[field] = value
        else:
            found[name] = value
    return {**found, "bm": [departments[number] for number in sorted(departments, key=int)]}
