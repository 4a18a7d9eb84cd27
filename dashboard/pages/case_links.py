"""The same matter on other platforms, as a rule finds it: shown as linked, never merged.

Of a linked case that the reader may not read only platform, state and day are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import case_address
from dashboard.pages.case_facts import facts
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.panels import lanes
from warehouse.read import Matter

SURE = 1.0
_MOST = 8


@dataclass(frozen=True, slots=True)
class Linked:
    """One linked case: by which rule, how sure, and the case itself where it may be read."""

    source: str
    key: str
    platform: str
    rule: str
    confidence: float
    opened: datetime | None
    state: str
    case: Matter | None


def found(glass: Glass, case: Matter) -> list[Linked]:
    """What is linked to a case, the surest first."""
    rows: list[Linked] = glass.once(
        ("links", case.source, case.key), lambda: list(_found(glass, case))
    )
    return rows


def _found(glass: Glass, case: Matter) -> list[Linked]:
    number = glass.generation.number
    told = glass.query("matter_links", source=case.source, key=case.key)[:_MOST]
    return [
        Linked(
            source=str(row["source"]),
            key=str(row["key"]),
            platform=str(row["platform_name"] or row["source"]),
            rule=str(row["rule"]),
            confidence=float(row["confidence"] or 0),
            opened=row["opened_at"],
            state=str(row["state"] or "状态不明"),
            case=glass.data.reader.case(str(row["source"]), str(row["key"]), generation=number),
        )
        for row in told
    ]


def tracks(linked: Sequence[Linked]) -> list[lanes.Lane]:
    """A lane each; one that may not be read shows its state on its day and nothing else."""
    drawn = []
    for one in linked:
        if one.case is None:
            dots = [lanes.Dot(one.opened, one.state, seen=False)] if one.opened else []
            drawn.append(lanes.Lane(one.platform, "内容无权看", dots))
            continue
        told = facts(one.case)
        dots = [lanes.Dot(e.at, e.what) for e in told.events if not e.deadline]
        drawn.append(
            lanes.Lane(
                one.platform,
                one.key,
                dots,
                until=told.closed,
                href=case_address.href(one.source, one.key),
            )
        )
    return drawn


def view(linked: Sequence[Linked]) -> Any:
    """Number, rule and how sure; what is not certain changes no count."""
    if not linked:
        return html.P("按规则没有找到其他平台上的同一事项。", className="nothing")
    return [
        html.Div([_row(one) for one in linked], className="links-list"),
        html.P("按规则关联，只供参看；不合并，也不改任何计数。", className="note"),
    ]


def _row(one: Linked) -> Any:
    sure = one.confidence >= SURE
    mark = "✓ 直接引用" if sure else f"? {wording.fixed(one.confidence, 2)} 待确认"
    number: Any = "内容不在您的权限内"
    if one.case is not None:
        number = link(one.key, case_address.href(one.source, one.key), "underlined")
    day = wording.day(one.opened.date()) if one.opened else wording.NONE
    return html.Div(
        [
            html.Div(
                [html.B(one.platform), " ", number, html.P(f"{one.rule} · {day} · {one.state}")]
            ),
            html.Span(mark, className="tag state-tag" if sure else "tag soon"),
        ],
        className="linked",
    )
