"""The connected platforms: state by shape and word, silent ones first with age, limit and owner."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Node, Room, View, lamp, line, placed, text

TITLE = "平台接入"
READS = ("platform_fresh", "freshness")
WORDS = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}
ORDER = ("failed", "stale", "late", "off", "fresh")
FIRST, ONE, MORE = 2.6, 1.38, 1.3  # rem: first row, one line, the second line of a silent platform


@dataclass(frozen=True, slots=True)
class PlatformLamp:
    """One platform: state, when it last delivered, age and limit in words, rows today.

    `loading` says how far its first load is, while there is one.
    """

    name: str
    state: str
    last: str
    age: str
    limit: str
    owner: str
    rows_today: int
    quarantined: int
    loading: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The lamps of all configured platforms."""

    lamps: tuple[PlatformLamp, ...]


def view(facts: Facts, room: Room) -> View:
    """A row each, silent ones first; what does not fit is counted."""
    fresh = sum(1 for one in facts.lamps if one.state == "fresh")
    total = sum(1 for one in facts.lamps if one.state != "off")
    if not facts.lamps:
        return View(body=[placed(3.0, [text("尚未接入平台", "muted")])])
    ordered = sorted(facts.lamps, key=lambda one: ORDER.index(one.state))
    heights = [ONE + (MORE if _is_silent(one) else 0.0) for one in ordered]
    space = room.height - FIRST - 1.8
    shown = len(ordered)
    while shown and sum(heights[:shown]) > space:
        shown -= 1
    gap = min(0.75, (space - sum(heights[:shown])) / max(shown, 1))
    rows, top = [], FIRST
    for one, height in zip(ordered[:shown], heights, strict=False):
        rows.append(placed(top, _row(one), "platform"))
        top += height + gap
    return View(basis=f"{fresh} / {total} 正常", body=rows, foot=_foot(facts, len(ordered) - shown))


def _is_silent(one: PlatformLamp) -> bool:
    return one.state not in {"fresh", "off"} and not one.loading


def _row(one: PlatformLamp) -> list[Node]:
    silent = _is_silent(one)
    words = one.loading or (f"{WORDS[one.state]} {one.age}" if silent else WORDS[one.state])
    first = line(
        text(one.name, "name"), text(words, "state"), text(f"末次 {one.last}", "muted last")
    )
    if not silent:
        return [lamp("off" if one.loading else one.state), html.Div(first, className="names")]
    second = line(text(f"限 {one.limit} · 联系 {one.owner}", "muted"))
    return [lamp(one.state), html.Div([first, second], className="names")]


def _foot(facts: Facts, hidden: int) -> Node:
    rows = sum(one.rows_today for one in facts.lamps)
    quarantined = sum(one.quarantined for one in facts.lamps)
    more = text(f"其余 {hidden} 个平台", "muted") if hidden else None
    return line(
        text(f"今日入库 {rows} 条"),
        text(f"隔离 {quarantined} 条", "muted"),
        more,
        cls="facts spread",
    )
