"""The six moments of an alarm with what lies between them: observed to cleared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.alarm import ACKNOWLEDGED, DRAWN, PENDING, RAISED, Alarm, Event
from dashboard import alarm_words


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment: its name, when it was, and how many seconds after the one before it."""

    name: str
    at: datetime | None
    after_s: float | None

    @property
    def shown(self) -> str:
        """The time of day to the second."""
        return "—" if self.at is None else f"{alarm_words.local(self.at):%H:%M:%S}"

    @property
    def after(self) -> str:
        """The delay in words, in the unit that fits: 40 毫秒, 0.4 秒, 48 秒, 6 分 13 秒."""
        if self.after_s is None:
            return ""
        if self.after_s < 0.1:
            return f"+{round(self.after_s * 1000)} 毫秒"
        if self.after_s < 10:
            return f"+{self.after_s:.1f} 秒"
        return f"+{alarm_words.span(self.after_s)}"


def stamps(alarm: Alarm, events: Sequence[Event]) -> tuple[Stamp, ...]:
    """Observed, received, raised, drawn, acknowledged, cleared; what has not been has no time."""
    raised = next((one for one in events if one.kind == RAISED), None)
    first = raised or next((one for one in events if one.kind == PENDING), None)
    drawn = next((one for one in events if one.kind == DRAWN), None)
    acked = next((one for one in events if one.kind == ACKNOWLEDGED), None)
    known: list[tuple[str, datetime | None, float | None]] = [
        ("观测", first.observed_at if first else alarm.observed_at, None),
        ("收到", first.received_at if first else None, None),
        ("报警", alarm.raised_at, _seconds(raised)),
        ("上墙", drawn.at if drawn else None, _seconds(drawn)),
        ("确认", alarm.acknowledged_at or (acked.at if acked else None), None),
        ("解除", alarm.cleared_at, None),
    ]
    made: list[Stamp] = []
    before: datetime | None = None
    for name, at, measured in known:
        after = measured
        if after is None and at is not None and before is not None:
            after = max(0.0, (at - before).total_seconds())
        made.append(Stamp(name, at, after))
        before = at or before
    return tuple(made)


def _seconds(event: Event | None) -> float | None:
    return None if event is None or event.delay_ms is None else event.delay_ms / 1000
