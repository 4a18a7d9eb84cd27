"""A panel's card: title, basis, 演示数据, the time of its data, and the states around the panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import wording
from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Room, View, bar, line, pill, text

Node = Any
# rem of a card's head: its edge, between its parts, 演示数据 with its gap, a time with its gap
EDGE, GAP, TAG = 1.1, 0.6, 5.2
LAG = timedelta(minutes=15)  # between source and landing, from which the source's time is told


@dataclass(frozen=True, slots=True)
class Load:
    """How far one platform's first load is: name, words, share from 0 to 1."""

    name: str
    words: str
    share: float


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands behind a panel: when its data landed, whether a demo, its state in words.

    `state` is fresh, late, stale, failed, off or loading; late looks like fresh, since the lamp
    says it.
    """

    state: str
    as_of: datetime | None
    demo: bool
    age: timedelta | None = None
    progress: str = ""
    loads: tuple[Load, ...] = ()
    of: datetime | None = None  # the newest moment its rows tell of themselves


@dataclass(frozen=True, slots=True)
class Card:
    """What one card's pieces hold; `look` is the class that mutes a stale one."""

    look: str
    head: Node
    body: Node
    over: Node
    foot: Node
    figure: Any
    times: tuple[tuple[str, str], ...] = ()


def card(title: str, view: View | None, feed: Feed, today: datetime) -> Card:
    """The card of a panel: its view, or the words that stand in for one."""
    bare = not title
    if view is None:
        body = html.Div(_absent(feed, today), className="stand-in") if not bare else None
        empty_head = _head(title, "", feed, today)
        return Card("card absent", empty_head, body, None, None, None, _times(None, feed, today))
    stale = feed.state in {"stale", "failed"}
    basis = "" if stale else view.basis  # the pill takes its room
    head = None if bare else _head(view.title or title, basis, feed, today, view)
    look = "card stale" if stale else "card"
    times = _times(view.of, feed, today)
    return Card(look, head, view.body, view.over, view.foot, view.figure, times)


def _times(of: datetime | None, feed: Feed, drawn: datetime) -> tuple[tuple[str, str], ...]:
    """When a card's data were seen at the source, landed here, and were drawn.

    A platform that is asked answers as of that moment: there source and landing are one.
    """
    landed = feed.as_of
    told = (("source", of or feed.of or landed), ("landed", landed), ("drawn", drawn))
    return tuple((name, "" if at is None else at.isoformat()) for name, at in told)


def fitted(view: View, title: str, room: Room, feed: Feed, today: datetime) -> View:
    """The view with the time of its data in words, and as many of its basis words as stand beside.

    Of the words for the time the longest that fit beside all of the basis, else the short ones,
    which go before the basis.
    """
    name = view.title or title
    taken = 2 * EDGE + text_width(name, 1.3) + (TAG if feed.demo else 0.0)

    def has_room(time: str, basis: str) -> bool:
        parts = [text_width(words, 1.0) + GAP for words in (time, basis) if words]
        return taken + sum(parts) <= room.width

    forms = _forms(view.of or feed.of, feed.as_of, today)
    fitting = [time for time in forms if has_room(time, view.basis)]
    time = next(iter(fitting), None) or next((one for one in forms[1:] if has_room(one, "")), "")
    words = view.basis
    while words and not has_room(time, words):
        words = words.rpartition(" · ")[0]
    return replace(view, basis=words, when=time)


def _head(
    title: str, basis: str, feed: Feed, today: datetime, view: View | None = None
) -> list[Node]:
    note: list[Node] = []
    if feed.demo:
        note.append(text("演示数据", "tag"))
    if feed.state == "stale":
        note.append(pill(f"停更 {_age(feed.age)}"))
    elif feed.state == "failed" and feed.as_of is not None:
        note.append(pill(f"失败 {_at(feed.as_of, today)}"))
    elif feed.as_of is not None:
        of = feed.of if view is None else view.of or feed.of
        when = None if view is None else view.when
        words = _forms(of, feed.as_of, today)[-1] if when is None else when
        note += [text(words, "time")] if words else []
    return [
        html.Span(title, className="title"),
        html.Span(basis, className="basis"),
        html.Span(note, className="note"),
    ]


def _forms(of: datetime | None, landed: datetime | None, today: datetime) -> list[str]:
    """The time of a card's data in words, the longest first: when they landed here, and what the
    source saw long before that, if so. A file of yesterday that is read at nine is of yesterday.
    """
    if landed is None:
        return [""]
    if of is None or landed - of < LAG:
        return [_at(landed, today), _at(landed, today)]
    told = _at(of, today)
    return [f"数据至 {told} · 入库 {_at(landed, today)}", f"数据至 {told}", f"至 {told}"]


def _at(moment: datetime, today: datetime) -> str:
    """The time of data in the room a head has: 16:40, 昨 23:50, 9月27日."""
    days = (today.date() - moment.date()).days
    if days == 0:
        return wording.clock(moment)
    return f"昨 {wording.clock(moment)}" if days == 1 else wording.day(moment.date())


def _age(age: timedelta | None) -> str:
    """How long nothing came, in one unit: 38 分, 3 时, 12 天."""
    if age is None:
        return wording.NONE
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return wording.age(age)
    return f"{hours} 时" if hours < 48 else f"{hours // 24} 天"


def _absent(feed: Feed, today: datetime) -> Node:
    if feed.state == "loading" and feed.loads:
        return html.Div([_load(one) for one in feed.loads], className="loads")
    if feed.state == "loading":
        return feed.progress or "正在首次载入"
    if feed.state == "failed":
        since = f" {wording.moment(feed.as_of, today.date())}" if feed.as_of else ""
        return f"读取失败{since}"
    return "未接入"


def _load(one: Load) -> Node:
    words = line(text(one.name, "strong"), text(one.words), cls="spread")
    return html.Div([words, bar(one.share)], className="load")
