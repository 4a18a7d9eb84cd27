"""The connected platforms: state by shape and word, silent ones first with age, limit and owner."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Node, Room, View, lamp, line, placed, rows_in, text

TITLE = "平台接入"
READS = ("platform_fresh", "freshness")
WORDS = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}
ORDER = ("failed", "stale", "late", "off", "fresh")
WAITING = "首次载入"
LEAST = (21.0, 8.0)
CELL, SIDE = 5.5, 2.2  # rem: widest name with its lamp, card padding
BESIDE, TYPE = 2.2, 1.15  # rem: lamp and gaps of a line, size of its words
PITCH, WIDEST = 1.2, 1.75  # rem: lines of names, at least and at most
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
    basis = f"{fresh} / {total} 正常"
    if shown < len(ordered):
        return _named(facts, ordered, room, basis) or _strip(facts, ordered, room, (fresh, total))
    gap = min(0.75, (space - sum(heights[:shown])) / max(shown, 1))
    rows, top = [], FIRST
    for one, height in zip(ordered[:shown], heights, strict=False):
        rows.append(placed(top, _row(one), "platform"))
        top += height + gap
    return View(basis=basis, body=rows, foot=_foot(facts, 0))


def _named(facts: Facts, ordered: list[PlatformLamp], room: Room, basis: str) -> View | None:
    """All lamps with their names in columns, silent ones first; None where these find no room.

    Rows that are left over tell of the first silent ones how long nothing came.
    """
    columns = max(int((room.width - SIDE + 0.5) // CELL), 1)
    space = room.height - FIRST - 1.8
    needed = -(-len(ordered) // columns)
    lines = int((space + 1e-6) // PITCH)
    if needed > lines:
        return None
    told = 0
    while _is_silent(ordered[told]) and -(-(len(ordered) - told - 1) // columns) < lines - told:
        told += 1
        if told == len(ordered) - 1:
            break
    rest = -(-(len(ordered) - told) // columns)
    pitch = min(WIDEST, max(PITCH, (space - 0.4) / (told + rest)))
    rows = [placed(FIRST + pitch * n, _line(one, room)) for n, one in enumerate(ordered[:told])]
    cells = [
        html.Span(
            [lamp("off" if one.loading else one.state), text(one.name)],
            className="lamp-name" + (" silent" if _is_silent(one) else ""),
        )
        for one in ordered[told:]
    ]
    grid = html.Div(
        cells,
        className="lamp-names",
        style={
            "top": f"{FIRST + pitch * told:.3f}rem",
            "gridTemplateRows": f"repeat({rest}, {pitch:.3f}rem)",
        },
    )
    return View(basis=basis, body=[*rows, grid], foot=_key(facts, 0))


def _strip(facts: Facts, ordered: list[PlatformLamp], room: Room, count: tuple[int, int]) -> View:
    """How many deliver, large; all lamps in one line; by name only those that are silent."""
    fresh, total = count
    states = [html.Span(lamp("off" if one.loading else one.state)) for one in reversed(ordered)]
    body: list[Node] = [
        placed(
            FIRST - 0.1,
            [
                html.Span(str(fresh), className="lamp-count"),
                text(f" / {total} 正常", "lamp-total"),
            ],
        ),
        placed(FIRST + 2.75, [html.Div(states, className="lamp-strip")]),
    ]
    silent = [one for one in ordered if _is_silent(one)]
    lines = rows_in(room, first=FIRST + 4.2, pitch=1.5, text_height=1.25, last=room.height - 1.9)
    named = silent[: lines.count]
    if len(silent) > lines.count > 0:
        named = silent[: lines.count - 1]
        body.append(placed(lines.tops[-1], [text(f"其余 {len(silent) - len(named)} 个", "muted")]))
    body += [placed(top, _line(one, room)) for top, one in zip(lines.tops, named, strict=False)]
    if not silent and lines.count:
        waiting = any(one.loading for one in facts.lamps)
        words = "正在首次载入" if waiting else "各平台均按时报送"
        body.append(placed(lines.tops[0], [text(words, "muted")]))
    return View(body=body, foot=_key(facts, 0))


def _line(one: PlatformLamp, room: Room) -> list[Node]:
    """One silent platform in one line: since when, and whom to ring where that finds room."""
    since = f"{WORDS[one.state]} {one.age}"
    whole = f"{since} · {one.owner}"
    free = room.width - SIDE - BESIDE - text_width(one.name, TYPE)
    words = whole if text_width(whole, TYPE) <= free else since
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
