"""Every platform in one row: lamp in words, last success, age against its limit, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import due_tag, link

TITLE = "各平台"
READS = ("health", "runs", "quarantine", "drift")
WORDS = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}
LOUD = ("stale", "failed")
HEADS = (
    "平台", "状态", "最近成功", "距今与时限", "今日行数", "近 7 日同时段", "隔离", "漂移",
    "近次用时", "联系", "怎么办",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform as the list shows it; `usual` are the rows of earlier days by this hour."""

    name: str
    state: str
    href: str
    last: str
    age_s: int | None
    limit_s: int
    rows_today: int
    usual: Sequence[int]
    quarantined: int
    drifts: int
    seconds: Sequence[float]
    owner: str
    phone: str
    advice: str
    loading: str = ""


def view(data: Sequence[Platform]) -> Any:
    """One row a platform, those that need somebody first."""
    head = twin.heads([html.Span(word) for word in HEADS], "platform-row split-head")
    return twin.table([head, *[_row(one) for one in data]], "platforms")


def lamp(state: str) -> Any:
    """The lamp by shape: dot fresh, diamond late, square stale, cross failed, dash off."""
    return html.Span(className=f"lamp {state}")


def state_words(state: str, loading: str = "") -> Any:
    """The state in a word, a dark tag for what needs somebody now."""
    if loading:
        return html.Span(loading)
    word = WORDS[state]
    return due_tag(word, over=True) if state in LOUD else html.Span(word)


def age_bar(age_s: int | None, limit_s: int) -> Any:
    """How long nothing came, against the limit; the whole bar is the limit."""
    share = 1.0 if age_s is None else min(age_s / max(limit_s, 1), 1.0)
    over = age_s is None or age_s > limit_s
    said = wording.age(age_s) if age_s is not None else "从未到数"
    return html.Span(
        [
            html.Span(
                html.Span(
                    className="age-fill over" if over else "age-fill",
                    style={"width": f"{100 * share:.1f}%"},
                ),
                className="age-bar",
            ),
            html.Span([html.B(said), f" / 限 {wording.age(limit_s)}"]),
        ],
        className="age-cell",
    )


def usual_words(usual: Sequence[int]) -> str:
    """The band of earlier days; fewer than three days make none."""
    if len(usual) < 3:
        return "记录不足 3 日"
    low, high = min(usual), max(usual)
    return wording.count(low) if low == high else f"{wording.count(low)}—{wording.count(high)}"


def is_unusual(rows: int, usual: Sequence[int]) -> bool:
    """Whether today lies well outside the band of earlier days."""
    if len(usual) < 3:
        return False
    return rows < min(usual) * 0.5 or rows > max(usual) * 2


def ticks(seconds: Sequence[float]) -> Any:
    """How long the last runs took, oldest first, as bars from zero; the last one is darker."""
    top = max(seconds, default=0) or 1
    bars = [
        html.Span(style={"height": f"{max(100 * each / top, 4):.0f}%"}) for each in seconds[-20:]
    ]
    return html.Span(bars, className="ticks")


def seconds_words(value: float) -> str:
    """0.4 秒, 12 秒, 3 分 20 秒."""
    if value < 10:
        return f"{wording.fixed(value, 1)} 秒"
    if value < 60:
        return f"{wording.fixed(value)} 秒"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分"


def _row(one: Platform) -> Any:
    rows = _count(one.rows_today, one.href)
    if is_unusual(one.rows_today, one.usual):
        rows = link(due_tag(wording.count(one.rows_today), over=False), one.href, "quiet")
    speed: list[Any] = [ticks(one.seconds), seconds_words(one.seconds[-1])] if one.seconds else []
    cells = [
        html.Span(
            [lamp(one.state), link(html.B(one.name), one.href, "quiet")], className="platform-name"
        ),
        html.Span(state_words(one.state, one.loading)),
        html.Span(one.last),
        age_bar(one.age_s, one.limit_s) if one.state != "off" else html.Span(wording.NONE),
        html.Span(rows, className="n"),
        html.Span(usual_words(one.usual), className="n calm"),
        html.Span(_count(one.quarantined, one.href), className="n"),
        html.Span(_count(one.drifts, one.href), className="n"),
        html.Span(speed, className="speed"),
        html.Span([one.owner, html.Span(one.phone, className="phone")], className="owner"),
        html.Span(one.advice, className="advice", title=one.advice),
    ]
    return twin.row(cells, f"platform-row {one.state}")


def _count(number: int, href: str) -> Any:
    if not number:
        return html.Span("0", className="calm")
    return link(html.B(wording.count(number)), href, "underlined")
