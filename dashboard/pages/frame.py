"""The frame around every panel: title, basis, time of its data, and its states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import attrs
from dashboard.pages.watched import to_the_minute
from dashboard.pieces import Later

Node = Any


@dataclass(frozen=True, slots=True)
class Feed:
    """The platforms behind a panel as one: the oldest success, its limit, whether it is over."""

    names: tuple[str, ...]
    last: datetime | None
    limit: timedelta | None
    now: datetime
    stale: bool
    late: bool = False
    given: tuple[str, ...] = ()  # the platforms' keys where words about them are written later

    @property
    def age(self) -> timedelta | None:
        """How long nothing has arrived."""
        return None if self.last is None else to_the_minute(self.now) - self.last

    @property
    def at(self) -> str:
        """The time of the data as a panel writes it."""
        return wording.moment(self.last, self.now.date())

    def told(self, write: Callable[[Feed], Node]) -> Node:
        """Words about times: written now, or when what is drawn for many is given to each one."""
        return Later(write, self.given) if self.given else write(self)


def panel(
    title: Node,
    body: Node,
    *,
    area: str,
    basis: Node = None,
    aside: Node = None,
    feed: Feed | None = None,
    show_time: bool = True,
) -> Node:
    """A panel in its area; with a silent platform it greys and says since when."""
    stale = feed is not None and feed.stale
    corner: list[Node] = [] if aside is None else [html.Span(aside, className="aside")]
    if feed is not None and (stale or show_time):
        corner.append(feed.told(_corner))
    head: Node = html.Header(
        [
            html.H2([title, html.Span(basis, className="basis")] if basis else title),
            html.Div(corner, className="corner"),
        ],
        className="panel-head",
    )
    if not title and not corner:
        head = None
    note = html.P(feed.told(_silence), className="silence") if stale and feed else None
    return html.Section(
        [head, note, html.Div(body, className="panel-body")],
        className=f"panel a-{area}" + (" stale" if stale else ""),
        style={"gridArea": area},
    )


def empty(why: str, hint: str = "", action: Node = None) -> Node:
    """Nothing was counted: what is missing and which filter to loosen."""
    return html.Div(
        [
            html.Span("0", className="sign"),
            html.Div([html.B(why), html.P(hint) if hint else None, action]),
        ],
        className="state empty",
    )


def broken(cause: str, number: str, href: str) -> Node:
    """This panel alone could not be read: short cause, number for the engineer, retry."""
    return html.Div(
        [
            html.Span("!", className="sign"),
            html.Div(
                [
                    html.B("这一块没取到"),
                    html.P(f"{cause}编号 {number}"),
                    html.A("重试", href=href, className="button small"),
                ]
            ),
        ],
        className="state broken",
        role="alert",
    )


def skeleton() -> Node:
    """Grey blocks in the final places while the first answer is on its way."""
    blocks = [html.Div(className=f"panel ghost g{n}") for n in range(1, 7)]
    return html.Div(blocks, className="ghosts", **attrs({"aria-label": "正在取数"}))


def _corner(feed: Feed) -> Node:
    if feed.stale:
        return html.Span(f"断 {wording.age(feed.age)}", className="tag over")
    return html.Span(f"数据 {feed.at}", className="aside")


def _silence(feed: Feed) -> str:
    if feed.last is None:
        return f"{'、'.join(feed.names)}还没有到过数。"
    limit = "" if feed.limit is None else f"，限 {wording.age(feed.limit)}"
    return f"最后到数 {feed.at}{limit}。此数不是现在的数。"
