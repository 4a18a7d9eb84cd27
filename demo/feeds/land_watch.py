"""智慧控违: flights and spots by offset, for those who have the token."""

from __future__ import annotations

from starlette.routing import Route

from demo.lives import Book
from demo.paged import Manner, paged, stamped, with_token
from demo.plots import SPAN, plots_on
from demo.stage import Stage

MANNER = Manner(
    since="updateTimeFrom",
    page="start",
    size="limit",
    good=lambda rows, total: {
        "success": True, "resultCode": "0", "resultMsg": "", "data": {"count": total, "list": rows},
    },
    bad=lambda _, text: {"success": False, "resultCode": "1", "resultMsg": text, "data": None},
    by_offset=True,
)  # fmt: skip


def routes(stage: Stage) -> list[Route]:
    """The interface of the platform."""
    book = Book(stage.town, plots_on, SPAN)
    allowed = with_token("authorization", stage.secret(stage.platform.options["token_env"]))
    path = "/land_watch/api/wf/changed"
    return [paged(path, stage, book, MANNER, stamped(book), allowed)]
