"""矛盾纠纷调处: a workbook in the inbox every half hour."""

from __future__ import annotations

from datetime import datetime

from demo import drops, mediation_sheet
from demo.stage import Stage


async def work(stage: Stage) -> None:
    """Drop each file when it is due."""

    def make(now: datetime, last: datetime | None) -> tuple[str, bytes]:
        return mediation_sheet.file(stage.town, now, last, stage.dirt(now))

    await drops.drop_for_ever(stage, drops.spaced(mediation_sheet.EVERY), make)
