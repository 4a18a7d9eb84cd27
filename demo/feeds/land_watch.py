"""智慧控违: flights and spots by offset, for those who have the token; photos as a ZIP a flight."""

from __future__ import annotations

from functools import partial

from starlette.routing import Route

from demo import flight_shots
from demo.drops import drop_for_ever
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


async def work(stage: Stage) -> None:
    """Drop the pictures of each flight once it is compared."""
    town = stage.town
    await drop_for_ever(
        stage, partial(flight_shots.last_sent, town), partial(flight_shots.packed, town)
    )
