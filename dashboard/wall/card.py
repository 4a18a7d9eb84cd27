"""A panel's card: title, basis, 演示数据, the time of its data, and the states around the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import wording
from dashboard.wall.parts import View, pill, text

Node = Any


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands behind a panel: when its data are of, whether a demo, its state in words.

    `state` is fresh, late, stale, failed, off or loading; late looks like fresh, since the lamp
    says it.
    """

    state: str
    as_of: datetime | None
    demo: bool
    age: timedelta | None = None
    progress: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What one card's pieces hold; `look` is the class that mutes a stale one."""

    look: str
    head: Node
    body: Node
    over: Node
    foot: Node
    figure: Any


def card(title: str, view: View | None, feed: Feed, today: datetime) -> Card:
    """The card of a panel: its view, or the words that stand in for one."""
    bare = not title
    if view is None:
        words = _absent(feed, today)
        body = html.Div(words, className="stand-in") if not bare else None
        return Card("card absent", _head(title, "", feed, today), body, None, None, None)
    head = None if bare else _head(view.title or title, view.basis, feed, today)
    stale = feed.state in {"stale", "failed"}
    look = "card stale" if stale else "card"
    return Card(look, head, view.body, view.over, view.foot, view.figure)


def _head(title: str, basis: str, feed: Feed, today: datetime) -> list[Node]:
    note: list[Node] = []
    if feed.demo:
        note.append(text("演示数据", "tag"))
    if feed.state == "stale":
        note.append(pill(f"停更 {wording.age(feed.age)}"))
    elif feed.state == "failed" and feed.as_of is not None:
        note.append(pill(f"读取失败 {wording.moment(feed.as_of, today.date())}"))
    elif feed.as_of is not None:
        note.append(text(wording.moment(feed.as_of, today.date()), "time"))
    return [
        html.Span(title, className="title"),
        html.Span(basis, className="basis"),
        html.Span(note, className="note"),
    ]


def _absent(feed: Feed, today: datetime) -> str:
    if feed.state == "loading":
        return feed.progress or "正在首次载入"
    if feed.state == "failed":
        since = f" {wording.moment(feed.as_of, today.date())}" if feed.as_of else ""
        return f"读取失败{since}"
    return "未接入"
