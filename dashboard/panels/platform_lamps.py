"""The connected platforms: state by shape and word, silent ones first with age, limit and owner."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Node, Room, View, lamp, line, placed, text

TITLE = "平台接入"
READS = ("platform_fresh", "freshness")
WORDS = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}
ORDER = ("failed", "stale", "late", "off", "fresh")
WAITING = "首次载入"
CELL, PITCH, SIDE = 5.5, 1.2, 2.2  # rem: widest name with its lamp, lines of names, card padding
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
    """A row each, silent ones first; where there is no room for rows all of them by name."""
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
    if shown < len(ordered):
        return _named(facts, ordered, room, f"{fresh} / {total} 正常")
    gap = min(0.75, (space - sum(heights[:shown])) / max(shown, 1))
    rows, top = [], FIRST
    for one, height in zip(ordered[:shown], heights, strict=False):
        rows.append(placed(top, _row(one), "platform"))
        top += height + gap
    return View(basis=f"{fresh} / {total} 正常", body=rows, foot=_foot(facts, 0))


def _named(facts: Facts, ordered: list[PlatformLamp], room: Room, basis: str) -> View:
    """All lamps with their names in columns; the foot says what each shape means.

    Rows that are left over tell of the first silent ones how long nothing came.
    """
    columns = max(int((room.width - SIDE + 0.5) // CELL), 1)
    lines = int((room.height - FIRST - 1.8 + 1e-6) // PITCH)
    told = 0
    while _is_silent(ordered[told]) and -(-(len(ordered) - told - 1) // columns) < lines - told:
        told += 1
        if told == len(ordered) - 1:
            break
    rows = [placed(FIRST + PITCH * n, _line(one)) for n, one in enumerate(ordered[:told])]
    cells = [
        html.Span(
            [lamp("off" if one.loading else one.state), text(one.name)],
            className="lamp-name" + (" silent" if _is_silent(one) else ""),
        )
        for one in ordered[told : told + (lines - told) * columns]
    ]
    grid = html.Div(
        cells,
        className="lamp-names",
        style={
            "top": f"{FIRST + PITCH * told:.3f}rem",
            "gridTemplateRows": f"repeat({-(-len(cells) // columns)}, {PITCH}rem)",
        },
    )
    return View(basis=basis, body=[*rows, grid], foot=_key(facts, len(ordered) - told - len(cells)))


def _line(one: PlatformLamp) -> list[Node]:
    """One silent platform in one line: since when, and whom to ring."""
    words = f"{WORDS[one.state]} {one.age} · {one.owner}"
    return [lamp(one.state), text(one.name, "lamp-told"), text(words, "muted lamp-words")]


def _key(facts: Facts, hidden: int) -> Node:
    """Each shape that is there with its word and number."""
    waiting = sum(1 for one in facts.lamps if one.loading)
    parts: list[Node] = []
    for state in ORDER[:-1]:
        count = sum(1 for one in facts.lamps if one.state == state and not one.loading)
        if count:
            parts.append(html.Span([lamp(state), f"{WORDS[state]} {count}"], className="lamp-name"))
    if waiting:
        parts.append(html.Span([lamp("off"), f"{WAITING} {waiting}"], className="lamp-name"))
    if hidden > 0:
        parts.append(text(f"其余 {hidden} 个平台", "muted"))
    if len(parts) > 2:
        return line(*parts, cls="facts spread")
    rows = sum(one.rows_today for one in facts.lamps)
    return line(text(f"今日入库 {rows} 条"), *parts, cls="facts spread")


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
