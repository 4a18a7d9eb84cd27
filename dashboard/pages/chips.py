"""The filter chips: each filter with its values, what nobody knows, the age of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import beside_chip
from dashboard.pages import state as states
from dashboard.pages.frame import Feed
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import DRILLED, FILTERS, PROOF, Resolved, State
from dashboard.pages.subject.level import has_below, has_grids

Node = Any


LABELS = {
    "source": "来源",
    "line": "线",
    "community": "社区",
    "grid": "网格",
    "class": "类别",
    "unit": "单位",
    "vs": "对比",
}
ALL = {
    "source": "本街道平台",
    "line": "两条并列",
    "community": "全部",
    "grid": "全部",
    "class": "全部",
    "unit": "全部",
}
_UNKNOWN = {
    **LABELS,
    "period": "时段",
    "at": "截至日",
    "step": "步长",
    "span": "时长",
    "beside": "对照",
    "from": "证据起日",  # without a proof these mean nothing
    "to": "证据止日",
}
_NOTE = "带点线的数字可点开证据"
_FEW_GRIDS = 30  # a chip lists the grids of the chosen community, never those of the street


def filters(  # noqa: PLR0913 - a page says all that its chips may hold
    offered: Sequence[str],
    state: State,
    want: Resolved,
    *,
    feed: Feed | None,
    cases: str | None = None,
    words: Mapping[str, tuple[str, str]] | None = None,
    against: Sequence[str] = (),
    courses: bool = False,
) -> Node:
    """The chips: each filter with its values, what the address holds and nobody knows, the age.

    A chosen value offers the way down (下钻) and its cases (案件), at `cases`; `words` are a
    page's own label of a filter and what it is called where nothing is chosen. What may stand
    beside the page (对照) is another period or a value of `against`. A page that draws `courses`
    can draw chosen days by day.
    """
    chips: list[Node] = []
    for name in offered:
        if name == "beside":
            chips.append(beside_chip.chip(against, state, want))
        values = _values(name, want)
        if not values:
            continue
        label = (words or {}).get(name, (LABELS[name], ALL.get(name, "全部")))
        chips.append(_chip(name, values, state, want, cases, label))
    chips += _of_days(state, want, cases, courses=courses)
    if state.get("at") and ("at", state.get("at")) not in want.unknown:
        until = f"截至 {wording.day(want.span.today)}"
        chips.append(_removable(until, state.but(at=None).href, "chip on"))
    chips += _unknown(state, want)
    if any(name in want.filters for name in FILTERS):
        chips.append(link("清除筛选", state.without((*FILTERS, "down", *PROOF)).href, "chip clear"))
    return html.Div(
        [
            html.Div(chips, className="chips"),
            html.Div(
                [
                    html.Span(feed.told(age_words) if feed else set_words(want), id="age"),
                    html.Span(_NOTE, className="hint"),
                ],
                className="data-time",
            ),
        ],
        className="filter-row",
    )


def _of_days(state: State, want: Resolved, cases: str | None, *, courses: bool) -> list[Node]:
    """Days chosen by a mark of time: by day (下钻), their cases (案件), and what takes them off."""
    span, of = want.span, state.get("of")
    if not of or not state.has_days(span, span.first, span.last):
        return []
    words = f"时段：{span.period.dates}"
    off = html.A(
        "×",
        href=state.days(span, span.first, span.last).href,
        className="chip-off",
        **attrs({"data-go": "1", "aria-label": f"去掉{words}"}),
    )
    ways = []
    if courses and span.first != span.last and want.step != "day":
        ways.append(link("下钻", state.without(PROOF).but(step="day").href, "chip-way"))
    if cases:
        ways.append(link("案件", cases, "chip-way"))
    return [html.Span([html.Span(words, className="chip on"), *ways, off], className="chip-pair")]


def _unknown(state: State, want: Resolved) -> list[Node]:
    return [
        _removable(
            f"未识别：{_UNKNOWN.get(name, name)} {value}",
            state.but(**{name: None}).href,
            "chip unknown",
            "此项不认识，未用于查询；点击去掉",
        )
        for name, value in want.unknown
    ]


def unknown_chips(state: State, want: Resolved) -> Node:
    """What the address holds and nobody knows: kept, marked, not used."""
    chips = _unknown(state, want)
    return html.Div(chips, className="chips") if chips else None


def _values(name: str, want: Resolved) -> Mapping[str, str]:
    """What a chip offers; the grids of one community only, or the chosen one alone."""
    if name == "vs":
        return states.VERSUS
    values = want.options.get(name, {})
    if name != "grid":
        return values
    inside = want.filters.get("community") or want.filters.get("grid", "")[:12]
    found = {code: text for code, text in values.items() if inside and code.startswith(inside)}
    return found if len(found) <= _FEW_GRIDS else {}


def _chip(
    name: str,
    values: Mapping[str, str],
    state: State,
    want: Resolved,
    cases: str | None,
    told: tuple[str, str],
) -> Node:
    title, every = told
    chosen = want.versus if name == "vs" else want.filters.get(name, "")
    active = bool(chosen) and name != "vs"
    plain = state.without(PROOF)
    label = values.get(chosen, chosen) if chosen else every
    if not chosen and name in ("community", "unit"):
        label = f"{label} {len(values)}"
    choices = []
    if name != "vs":
        whole = plain.drilled(name, on=False).but(**{name: None})
        choices.append(link(every, whole.href, "choice" if active else "choice on"))
    top = _top_level(values) if name == "class" else values
    choices += [
        link(
            text,
            (plain.but(**{name: value}) if value == chosen else plain.toggled(name, value)).href
            if name != "vs"
            else plain.but(vs=value).href,
            "choice on" if value == chosen else "choice",
        )
        for value, text in top.items()
    ]
    size = "menu many" if len(choices) > 14 else "menu"
    parts: list[Node] = [html.Span(f"{title}：{label}"), html.Span("▼", className="caret")]
    drop = html.Details(
        [
            html.Summary(parts, className="chip on" if active else "chip"),
            html.Div(choices, className=size),
        ],
        className="drop",
    )
    if not active:
        return drop
    off = html.A(
        "×",
        href=plain.drilled(name, on=False).but(**{name: None}).href,
        className="chip-off",
        **attrs({"data-go": "1", "aria-label": f"去掉{title}：{label}"}),
    )
    below = has_grids(want) if name == "community" else has_below(values, chosen)
    return html.Span([drop, *_ways(name, state, cases, below=below), off], className="chip-pair")


def _ways(name: str, state: State, cases: str | None, *, below: bool) -> list[Node]:
    """下钻 into the chosen value, or 返回上级, and 案件: the cases under all filters."""
    ways: list[Node] = []
    if name in DRILLED and below:
        inside = name in state.down
        words = "上一级" if inside else "下钻"
        ways.append(link(words, state.drilled(name, on=not inside).href, "chip-way"))
    if cases:
        ways.append(link("案件", cases, "chip-way"))
    return ways


def _top_level(values: Mapping[str, str]) -> dict[str, str]:
    """Of a class tree only the first level: the levels below are reached by drilling."""
    return {value: text for value, text in values.items() if "/" not in value}


def _removable(words: str, href: str, cls: str, title: str = "点击去掉") -> Node:
    return html.A(
        [words, html.Span("×", className="x")],
        href=href,
        className=cls,
        title=title,
        **attrs({"data-go": "1"}),
    )


def set_words(want: Resolved) -> list[Node]:
    """Which imported set is shown instead of the site's own platforms."""
    name = want.filters.get("source")
    return [html.Span(["导入数据集 ", html.B(name)])] if name else []


def age_words(feed: Feed | None) -> list[Node]:
    """How old the data behind a page are, in words."""
    if feed is None:
        return []
    if feed.last is None:
        return [html.Span("数据尚未到过")]
    word = "已断" if feed.stale else "有的迟到" if feed.late else "均正常"
    sources = f"来源 {len(feed.names)} 个{word}"
    if len(feed.names) == 1:
        sources = {"有的迟到": "来源迟到", "均正常": "来源正常"}.get(word, word)
    return [
        html.Span(["数据截至 ", html.B(feed.at), f"（{wording.age(feed.age)}前）"]),
        html.Span("·"),
        html.Span(sources, className="tag over" if feed.stale else None),
    ]
