"""An alarm in words: its kinds, states, moves and events, and what one looks like.

States: `pending` 待核实 (one reading, silent) → `raised` 报警 → `acknowledged` 已确认 → `cleared`
已解除; `false_alarm` 误报 by a person. A rise in rank makes an acknowledged or false one `raised`
again. `cleared_at` says whether it is over; a false alarm stays on, silent, until the water is back
under its limit, so that the next reading doesn't raise it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.transitions import PERSON, SYSTEM, Machine, Move

FLOOD, PLATFORM, HEARTBEAT, STORAGE = "flood", "platform", "heartbeat", "storage"
STATION = "station"
KINDS: Final[Mapping[str, str]] = {
    FLOOD: "水情",
    PLATFORM: "平台",
    HEARTBEAT: "系统心跳",
    STORAGE: "存储",
    STATION: "测站",
}
PENDING, RAISED, ACKNOWLEDGED = "pending", "raised", "acknowledged"
CLEARED, FALSE_ALARM = "cleared", "false_alarm"
DRAWN: Final = "drawn"  # an event only: the first window that showed it
EVENTS: Final[Mapping[str, str]] = {
    PENDING: "首次超限，待核实",
    RAISED: "报警",
    DRAWN: "上墙",
    "rank_up": "升级",
    "rank_down": "降级",
    "reading": "新读数",
    ACKNOWLEDGED: "确认",
    FALSE_ALARM: "标为误报",
    "shelved": "停用",
    "unshelved": "恢复",
    CLEARED: "解除",
    "withdrawn": "未证实，撤回",
}
_BOTH = frozenset({PERSON, SYSTEM})
MACHINE: Final = Machine(
    "报警",
    {
        PENDING: "待核实",
        RAISED: "报警",
        ACKNOWLEDGED: "已确认",
        CLEARED: "已解除",
        FALSE_ALARM: "误报",
    },
    {
        "raise": Move("报警", frozenset({PENDING}), RAISED, frozenset({SYSTEM})),
        "rise": Move(
            "升级", frozenset({RAISED, ACKNOWLEDGED, FALSE_ALARM}), RAISED, frozenset({SYSTEM})
        ),
        "acknowledge": Move("确认", frozenset({RAISED}), ACKNOWLEDGED, frozenset({PERSON})),
        "mark_false": Move(
            "标为误报",
            frozenset({PENDING, RAISED, ACKNOWLEDGED}),
            FALSE_ALARM,
            frozenset({PERSON}),
            needs_note=True,
        ),
        "clear": Move("解除", frozenset({PENDING, RAISED, ACKNOWLEDGED}), CLEARED, _BOTH),
    },
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as it is now; every time is aware UTC."""

    id: int
    kind: str
    subject: str
    rank: int
    state: str
    drill: bool
    first_at: datetime
    observed_at: datetime
    raised_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    cleared_at: datetime | None
    until: datetime | None
    value: float | None
    value_at: datetime | None
    threshold: float | None
    limit_name: str
    version: int
    pending_rank: int | None = None  # a single reading is past a higher limit: 待核实
    shelved_until: datetime | None = None
    shelved_reason: str = ""
    shelved_by: str = ""

    @property
    def is_on(self) -> bool:
        """Whether it is not over yet."""
        return self.cleared_at is None

    @property
    def is_loud(self) -> bool:
        """Whether it may take its place and sound: raised, not shelved, acknowledged by nobody."""
        return self.is_on and self.state == RAISED and self.shelved_until is None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an alarm; `by_name` is empty where the product did it itself."""

    id: int
    alarm_id: int | None
    about: str
    subject: str
    at: datetime
    kind: str
    by_name: str
    note: str
    rank: int | None
    value: float | None
    observed_at: datetime | None
    received_at: datetime | None
    delay_ms: int | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A subject whose alarms are kept and shown, and take nothing, until a moment."""

    kind: str
    subject: str
    from_at: datetime
    until: datetime
    reason: str
    by_name: str
