"""生态环境监测: hours and days of the stations by page number, open on the government's net."""

from __future__ import annotations

from starlette.routing import Route

from demo import air
from demo.paged import Manner, paged
from demo.stage import Stage

MANNER = Manner(
    since="updateTime",
    page="current",
    size="size",
    good=lambda rows, total: {
        "code": "0000", "message": None, "result": {"total": total, "list": rows},
    },
    bad=lambda _, text: {"code": "0001", "message": text, "result": None},
)  # fmt: skip


def routes(stage: Stage) -> list[Route]:
    """The interface of the monitoring centre."""
    town = stage.town
    return [
        paged(
            "/environment/hour/list",
            stage,
            air.Readings(town),
            MANNER,
            lambda entry, _: air.record(town, entry),
        )
    ]
