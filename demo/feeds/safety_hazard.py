"""安全生产与消防隐患: the ledger by page number, for those who have the key in their header."""

from __future__ import annotations

from starlette.routing import Route

from demo.hazards import SPAN, hazards_on
from demo.lives import Book
from demo.paged import Manner, paged, stamped, with_token
from demo.stage import Stage

MANNER = Manner(
    since="gxsjStart",
    page="pageNum",
    size="pageSize",
    good=lambda rows, total: {
        "code": 200,
        "msg": "操作成功",
        "data": {"total": total, "rows": rows},
    },
    bad=lambda status, text: {"code": status, "msg": text, "data": None},
)


def routes(stage: Stage) -> list[Route]:
    """The interface of the hazard platform."""
    book = Book(stage.town, hazards_on, SPAN)
    allowed = with_token("x-access-token", stage.secret(stage.platform.options["token_env"]))
    path = "/safety_hazard/openapi/yh/list"
    return [paged(path, stage, book, MANNER, stamped(book), allowed)]
