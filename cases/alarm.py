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
ANSWERED, SENT = "answered", "sent"  # events: a post took notice, a team went
PROPOSED, REFUSED = "false_proposed", "false_refused"  # events: 误报 waits for a second person
POST, TEAM = "post", "team"  # whom an alarm waits for
DRAWN: Final = "drawn"  # an event only: the first window that showed it
CALLS: Final = frozenset({RAISED, "rank_up", "unshelved"})  # after these somebody is called anew
EVENTS: Final[Mapping[str, str]] = {
    PENDING: "首次超限，待核实",
    RAISED: "报警",
    DRAWN: "上墙",
    "rank_up": "升级",
    "rank_down": "降级",
    "reading": "新读数",
    ACKNOWLEDGED: "确认",
    ANSWERED: "岗位知悉",
    SENT: "队伍出动",
    PROPOSED: "提出误报",
    REFUSED: "不认可误报",
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
class Awaited:
    """Whom an alarm waits for: a post that must take notice, or a team that may be sent."""

    kind: str  # post | team
    name: str
    place: int  # in the plan's order; post 0 is the duty desk's own
    at: datetime | None = None
    by_name: str = ""  # who wrote it down
    note: str = ""  # such as who answered the telephone


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
    called_by: int | None = None  # the event that last called for somebody; the sound goes by it
    pending_rank: int | None = None  # a single reading is past a higher limit: 待核实
    shelved_until: datetime | None = None
    shelved_reason: str = ""
    shelved_by: str = ""
    false_by: str | None = None  # who called it false; a second person has to agree
    false_at: datetime | None = None
    false_reason: str = ""
    awaited: tuple[Awaited, ...] = ()

    @property
    def posts(self) -> tuple[Awaited, ...]:
        """The posts that must take notice, the duty desk's first."""
        return tuple(one for one in self.awaited if one.kind == POST)

    @property
    def teams(self) -> tuple[Awaited, ...]:
        """The teams of its plan, one of which must be sent."""
        return tuple(one for one in self.awaited if one.kind == TEAM)

    @property
    def missing(self) -> tuple[str, ...]:
        """The posts that have not taken notice yet."""
        return tuple(one.name for one in self.posts if one.at is None)

    @property
    def wants_team(self) -> bool:
        """Whether none of its plan's teams has been sent."""
        return bool(self.teams) and all(one.at is None for one in self.teams)

    @property
    def is_settled(self) -> bool:
        """Whether the desk and every post has taken notice, and a team is on its way."""
        return self.state == ACKNOWLEDGED and not self.missing and not self.wants_team

    @property
    def is_called_false(self) -> bool:
        """Whether one person has called it false and a second has still to say so."""
        return self.is_on and self.false_by is not None and self.state != FALSE_ALARM

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
    """A subject whose alarms up to a rank are kept and shown, and take nothing, until a moment."""

    kind: str
    subject: str
    rank: int
    from_at: datetime
    until: datetime
    reason: str
    by_name: str
