"""Answers that told nothing new, a year of them in a few lines.

A platform asked each minute answers half a million times a year, mostly what it said before. Each
time is a line of the manifest, since it shows that the platform was there. Of closed days a run of
such lines becomes one, from its first answer to its last: the spells of freshness stay what they
are to the second, and nothing else reads those lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.manifest import Line


def thinned(lines: Iterable[Line], before: date, every: timedelta) -> list[Line]:
    """The same lines, runs of unchanged ones before a day as one line a day and content each.

    A run goes on as long as no answer is more than two cadences after the one before it, which is
    how long one counts as fresh.
    """
    kept: list[Line] = []
    running: dict[tuple[str, str, date], int] = {}
    for line in lines:
        day = line.received.date()
        if not line.unchanged or day >= before:
            kept.append(line)
            continue
        which = (line.source, line.id, day)
        place = running.get(which)
        if place is not None and _goes_on(kept[place].last, line.received, every):
            kept[place] = replace(kept[place], until=max(kept[place].last, line.last).isoformat())
        else:
            running[which] = len(kept)
            kept.append(line)
    return kept


def _goes_on(last: datetime, at: datetime, every: timedelta) -> bool:
    return timedelta(0) <= at - last <= 2 * every
