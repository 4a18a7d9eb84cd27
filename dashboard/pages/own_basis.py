"""What a proof of a page's own rests on: metrics with their versions, platforms with their age.

Such a figure is told as of now and no history of it is kept. So its link holds the numbers that the
sender saw and the moment, and whoever opens it later is told both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import proof_parts, sent_value
from dashboard.pages.marks import columns, link
from dashboard.pages.own_proof import OwnProof
from dashboard.pages.reading import Glass
from dashboard.pages.state import lasting

Node = Any


def address(glass: Glass, found: OwnProof) -> str:
    """The address as it is sent: days pinned, with the numbers that the sender sees."""
    value = sent_value.own_written(found.shown)
    at = f"{glass.at:%Y-%m-%dT%H:%M}:00"
    return lasting(glass.state, glass.today).but(sent=value, sent_at=at).href


def days(glass: Glass, found: OwnProof) -> str:
    """The days it is told of: its own, those of the page, or today where no metric counts it."""
    span = glass.want.span
    page = (span.first, span.last) if found.rests_on else (glass.today, glass.today)
    first, last = found.days or page
    whole = wording.full_day
    return whole(first) if first == last else f"{whole(first)}—{whole(last)}"


def metrics(glass: Glass, found: OwnProof) -> Node:
    """The metrics it is made of: version, what each leaves out, and the way to its rows."""
    known = glass.data.reader.definitions()
    rests = [known[name] for name in found.rests_on if name in known]
    if not rests:
        return None
    span = glass.want.span
    first, last = found.days or (span.first, span.last)
    told = [
        html.P(
            [
                link(one.name, glass.doors.to(one.id, first, last), "underlined"),
                f" 第 {one.version} 版，{wording.full_day(one.changed)}起用；"
                f"剔除：{(one.exclusions or '无').rstrip('。')}。",
            ],
            className="also",
        )
        for one in rests
    ]
    title = html.H3(["所依据的指标", html.Span("点名称看它的证据，行可导出")])
    return html.Section([title, *told])


def sources(glass: Glass, found: OwnProof, feeds: Sequence[str]) -> Node:
    """The platforms that give it: those of its metrics, those it names, else those of its page."""
    known = glass.data.reader.definitions()
    keys = [*found.platforms]
    keys += [key for name in found.rests_on if name in known for key in known[name].platforms]
    wanted = dict.fromkeys(keys or feeds)
    chosen = glass.want.filters.get("source")
    order = {key: number for number, key in enumerate(wanted)}
    some = [
        one
        for one in glass.generation.sources
        if (one.source == chosen if chosen else one.own) and one.platform in wanted
    ]
    body = proof_parts.arrivals(glass, sorted(some, key=lambda one: order[one.platform]))
    if not body:
        return None
    return html.Section(
        [
            html.H3(["来源与时效", html.Span("按各平台最近一次到数")]),
            columns(body, heads=proof_parts.ARRIVAL),
        ]
    )


def foot(glass: Glass) -> str:
    """Which snapshot it is told from, and that another is told from the newest."""
    number = glass.generation.number
    return f"数据快照 第 {number} 号 · 此数按打开时的快照算，复制的链接带着现在的数"
