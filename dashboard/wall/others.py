"""The alarms beside the one in the region, as its panel tells them: one by one, or in groups."""

from __future__ import annotations

from collections.abc import Mapping

from cases.alarm import PENDING, Alarm
from config.platforms import Platform
from config.thresholds import Thresholds
from dashboard import alarm_groups, alarm_words
from dashboard.wall.around import Row
from dashboard.wall.choosing import Chosen


def others(
    thresholds: Thresholds, platforms: Mapping[str, Platform], chosen: Chosen
) -> tuple[Row, ...]:
    """One row an alarm up to five in all, that in the region counted; one row a group beyond."""
    if chosen.open > alarm_groups.ONE_BY_ONE:
        found = alarm_groups.grouped(chosen.others, alarm_groups.place_of(thresholds))
        return tuple(
            Row(group.rank, group.words, group.counted, count=len(group.alarms)) for group in found
        )
    return tuple(_row(one, thresholds, platforms) for one in chosen.others)


def _row(one: Alarm, thresholds: Thresholds, platforms: Mapping[str, Platform]) -> Row:
    name = alarm_words.subject(one, thresholds, platforms)
    said = [alarm_words.limit(one), alarm_words.state(one), alarm_words.doubt(one)]
    what = " · ".join(filter(None, said))
    return Row(one.rank, f"演练 {name}" if one.drill else name, what, one.state != PENDING)
