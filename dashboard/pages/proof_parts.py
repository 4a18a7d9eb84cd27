"""The parts of a proof: fraction, meaning, exclusions, sources and the rows asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import case_address
from dashboard.pages import rows as tables
from dashboard.pages.asked import Asked
from dashboard.pages.case_table import filter_words
from dashboard.pages.frame import Feed
from dashboard.pages.marks import columns, door, due_tag, link
from dashboard.pages.meanings import BASES
from dashboard.pages.places import standing
from dashboard.pages.reading import Glass, feed_of, naive
from warehouse.read import Rows

Node = Any


_SHOWN: Final = 8
ARRIVAL: Final = ("平台", "最近到数", "已过", "容许", "状态")
_LAMPS: Final = {"fresh": "正常", "late": "迟", "stale": "断", "failed": "失败", "off": "未接入"}
_POINT: Final = ("level", "stock")
MIXED: Final[Mapping[str, str]] = {
    "hotline_closed": "按办结时间计，与同期受理量不是同一批件",
    "hotline_received": "按受理时间计，与同期办结量不是同一批件",
    "hotline_on_time_rate": "分母是本期应办结的件，不是本期受理的件；未结且已超期的留在分母",
    "hotline_resolution_rate": "只算有效回访；与按时办结率是两回事",
    "hotline_satisfaction_rate": "只算已评价的件；基本满意计入满意",
    "hotline_response_rate": "只算有效回访；与签收、首次联系的时限无关",
    "hotline_handling_days": "自然日中位数；工作日另计",
    "hotline_handling_workdays": "工作日中位数；自然日另计",
    "hotline_overdue": "存量，随时间变；不是本期超期办结的件数",
    "hotline_open": "存量，随时间变；不是本期受理减本期办结",
    "mediation_closed": "按办结时间计，含上期结转；完结率的分子只含本期受理的",
    "mediation_success_rate": "只算已调结的；完结率另计",
}
_COLUMNS: Final = ("key", "class_path", "community", "unit", "accepted_at", "received_at", "due_at")
_STATE: Final = "state"


def title(asked: Asked) -> str:
    """The metric and its filters in words."""
    return " · ".join([asked.answer.name, *filter_words(asked)])


def is_rate(asked: Asked) -> bool:
    """Whether the value is a share of a denominator."""
    return bool(asked.definition.kind == "rate")


def shown(asked: Asked) -> str:
    """The value as people read it."""
    answer = asked.answer
    if is_rate(asked):
        return wording.rate(answer.numerator, answer.denominator)
    if answer.value is None:
        return wording.NONE
    return f"{wording.fixed(answer.value, asked.definition.digits)} {answer.unit}"


def fraction(asked: Asked, counted: Any) -> Node:
    """The fraction, the unrounded and the shown value, and whether a recount agrees."""
    answer = asked.answer
    if is_rate(asked):
        figure = html.Div(
            [
                html.Div([_side(asked, answer.numerator, "numerator"), "分子：计入的件"]),
                html.Div([_side(asked, answer.denominator, None), "分母：应计的件"]),
            ],
            className="fraction",
        )
        value = "分母为 0，不作比率" if not answer.denominator else f"= {unrounded(answer.value)}"
        rule = "不足 10 件，只写分数" if wording.is_small(answer.denominator) else "四舍五入一位"
        told = [html.Div(value), html.Div(f"显示 {shown(asked)}，{rule}")]
        gap = abs((counted.numerator or 0) - (answer.numerator or 0)) + abs(
            (counted.denominator or 0) - (answer.denominator or 0)
        )
        lines = int(counted.denominator or 0)
    else:
        figure = html.Div(html.Div([html.B(shown(asked))]), className="fraction single")
        told, gap, lines = _single(asked, counted)
    same = gap == 0
    verdict = html.Div(
        [
            html.B("✓ 逐行重算相等" if same else "逐行重算不等，待核"),
            html.Div(f"{lines} 行，差 {wording.fixed(gap, 0 if gap == int(gap) else 4)}"),
        ],
        className="verdict" if same else "verdict off",
    )
    return html.Div(
        [figure, html.Div(told, className="unrounded"), verdict], className="fraction-box"
    )


def _side(asked: Asked, count: Any, part: str | None) -> Node:
    """One side of a share, a door to its rows: the part, or the whole with what is left out."""
    if asked.definition.about_persons:
        return html.B(wording.count(count or 0))
    href = asked.glass.state.but(rows="1", part=part).href
    about = "分子的件" if part else "分母的件"
    return html.B(door(wording.count(count or 0), href, about=about))


def _single(asked: Asked, counted: Any) -> tuple[list[Node], float, int]:
    """A count, stock or median: what it is made of, what a recount gives, from how many rows."""
    answer = asked.answer
    lines = int(counted.denominator or 0)
    if asked.definition.kind == "median":
        of = f"{lines} 件的{asked.definition.middle}"
        told = [html.Div(f"= {unrounded(answer.value)}"), html.Div(of)]
        return told, abs(lines - (answer.denominator or 0)), lines
    recount = counted.numerator if counted.numerator is not None else counted.total
    told, whole = [html.Div("逐行计数"), html.Div("每行计一次")], answer.value
    if asked.definition.kind in ("sum", "mean"):
        told, whole = _made_of(asked), answer.numerator
    return told, abs((recount or 0) - (whole or 0)), lines or int(counted.total)


def _made_of(asked: Asked) -> list[Node]:
    """From what a sum or a mean is reckoned: the rows are counted, their values added up."""
    answer, definition = asked.answer, asked.definition
    exact = html.Div(f"= {unrounded(answer.value)}")
    if definition.kind == "sum":
        return [exact, html.Div("各行数值之和")]
    if definition.per:
        return [exact, html.Div(f"{wording.count(answer.numerator)} 件按全站人数折算")]
    return [exact, html.Div(wording.ratio(answer.numerator, answer.denominator))]


def unrounded(value: float | None) -> str:
    """0.972027… in groups of three digits."""
    if value is None:
        return wording.NONE
    if value == int(value):
        return str(int(value))
    whole, _, digits = f"{value:.9f}".partition(".")
    groups = " ".join(digits[i : i + 3] for i in range(0, 6, 3))
    exact = abs(round(value, 6) - value) < 1e-12
    return f"{whole}.{groups}{'' if exact else '…'}"


def meaning(asked: Asked) -> Node:
    """Definition, basis, exclusions, version, document, and what it must not be taken for."""
    definition, query, answer = asked.definition, asked.query, asked.answer
    basis = BASES.get(str(definition.basis), str(definition.basis))
    when = days(asked)
    if definition.kind in _POINT:
        when = f"{wording.full_day(query.last)}终的存量"
        if query.last >= asked.glass.today:
            when = f"截至 {wording.moment(answer.as_of, asked.glass.today)} 的存量"
    items = [
        ("定义", definition.formula),
        ("口径", "；".join([basis, when, *filter_words(asked)])),
        ("剔除", definition.exclusions),
        ("版本", f"第 {answer.version} 版，{wording.full_day(definition.changed)}起用"),
        *(
            (f"第 {each.version} 版", f"{wording.full_day(each.since)}起：{each.what}")
            for each in (reversed(definition.history) if len(definition.history) > 1 else ())
        ),
        ("依据", f"{definition.document}；负责人：{definition.owner}"),
        ("勿混用", _not_this(asked)),
    ]
    told = [part for name, text in items if text for part in (html.Dt(name), html.Dd(text))]
    return html.Dl(told, className="meaning")


def days(asked: Asked) -> str:
    """The days of the question in words."""
    first, last = asked.query.first, asked.query.last
    if first == last:
        return wording.full_day(first)
    return f"{wording.full_day(first)}—{wording.full_day(last)}"


def when(asked: Asked) -> str:
    """The days of the question, or the day at whose end a stock is told."""
    if asked.definition.kind in _POINT:
        return wording.full_day(asked.query.last)
    return days(asked)


def _not_this(asked: Asked) -> str:
    line = asked.filters.get("line")
    if asked.metric == "mediation_completion_rate" and line in ("centre", "unit"):
        other = "unit" if line == "centre" else "centre"
        query = _replaced(asked, other)
        answer = asked.glass.data.reader.metric(
            asked.metric, query, generation=asked.glass.generation.number
        )
        name = "单位线" if other == "unit" else "中心牵头线"
        unit = "起" if other == "unit" else "件次"
        fraction = wording.ratio(answer.numerator, answer.denominator)
        rate = wording.rate(answer.numerator, answer.denominator)
        shown = fraction if rate == fraction else f"{fraction} = {rate}"
        return f"{name}另计：{shown}，单位为{unit}"
    return MIXED.get(asked.metric, "")


def _replaced(asked: Asked, line: str) -> Any:
    return replace(asked.query, line=line)


def excluded(asked: Asked) -> Node:
    """What was left out, by reason, with the way to those rows."""
    excluded = {k: v for k, v in asked.answer.excluded.items() if v}
    if not excluded:
        return None
    total = sum(excluded.values())
    den = int(asked.answer.denominator or 0)
    href = asked.glass.state.but(part="excluded", rows="1").href
    body = [
        [reason, str(n), link(f"打开 {n} 行", href, "underlined")] for reason, n in excluded.items()
    ]
    return html.Section(
        [
            html.H3(
                [f"剔除 {total} 件", html.Span(f"登记 {den + total} = 分母 {den} + 剔除 {total}")]
            ),
            columns(body, heads=["原因", "件数", ""], numbers=[1]),
        ]
    )


def sources(asked: Asked, counted: Any) -> Node:
    """The platforms behind the value: last arrival, age, limit, state."""
    glass = asked.glass
    body = arrivals(glass, [one for one in glass.generation.sources if _feeds(asked, one)])
    if not body:
        return None
    oldest = wording.moment(asked.answer.as_of, glass.today)
    return html.Section(
        [
            html.H3(["来源与时效", html.Span(f"快照取到 {oldest}；本数用到 {counted.total} 行")]),
            columns(body, heads=ARRIVAL),
        ]
    )


def arrivals(glass: Glass, found: Sequence[Any]) -> list[list[Node]]:
    """One row a source: its platform, when it last arrived, how old that is, what is allowed."""
    body = []
    for source in found:
        state = glass.platforms.get(source.platform)
        feed = feed_of(glass.platforms, [source.platform], glass.at, for_many=glass.for_many)
        last = naive(source.last_success_at)
        limit = wording.age(timedelta(seconds=state.limit_s)) if state else wording.NONE
        lamp = state.state if state else "fresh"
        tag = due_tag(_LAMPS[lamp], over=lamp in ("stale", "failed"))
        body.append(
            [
                state.name if state else source.source,
                feed.told(_arrived) if feed else _at(last),
                feed.told(_age) if feed else wording.age(glass.now - last if last else None),
                limit,
                tag,
            ]
        )
    return body


def _arrived(feed: Feed) -> str:
    return _at(feed.last)


def _age(feed: Feed) -> str:
    return wording.age(feed.age)


def _at(last: datetime | None) -> str:
    return f"{last:%m-%d %H:%M:%S}" if last else wording.NONE


def also_at(pages: Sequence[Any], asked: Asked) -> Node:
    """Where else the same metric stands, so that nobody looks for a second formula."""
    if "source" in asked.filters:
        return None
    here = asked.glass.state.path
    found = [one for one in standing(pages, asked.metric) if one[1] != here]
    if not found:
        return None
    names: list[Any] = []
    for name, path in found:
        names += ["、"] if names else []
        names.append(link(name, path, "underlined") if path else name)
    return html.P(["同一口径还用在：", *names, "。同一快照，同一条算式。"], className="also")


def _feeds(asked: Asked, source: Any) -> bool:
    """Whether a source stands behind this metric."""
    wanted = asked.filters.get("source")
    if wanted:
        return bool(source.source == wanted)
    return bool(source.own) and source.platform in asked.definition.platforms


def rows_asked(asked: Asked) -> Node:
    """The rows that are asked about: those of the denominator outside the numerator first."""
    part = "not_numerator" if is_rate(asked) else None
    found = asked.rows(limit=_SHOWN, part=part)
    if not found.rows and part:
        part = None
        found = asked.rows(limit=_SHOWN)
    if not found.rows:
        return None
    names = [name for name in _COLUMNS if name in {c.name for c in found.columns}][:6]
    told = {column.name: column.label for column in found.columns}
    tail = [_STATE] if _STATE in told else []
    heads = [tables.label(name, told[name]) for name in [*names, *tail]]
    body = [[_cell(asked, name, row, found) for name in [*names, *tail]] for row in found.rows]
    title = f"未计入分子的 {found.total} 行" if part else f"行 {found.total}"
    note = "分母有、分子没有的行" if part else "此数由这些行得出"
    if found.total > len(found.rows):
        note += f"，先列 {len(found.rows)} 行"
    return html.Section([html.H3([title, html.Span(note)]), columns(body, heads=heads)])


def _cell(asked: Asked, name: str, row: Mapping[str, Any], found: Rows) -> Node:
    value = row.get(name)
    if name.endswith("_at") and value is not None and hasattr(value, "date"):
        year = asked.glass.today.year
        return wording.day(value.date()) if value.year == year else wording.full_day(value.date())
    shown = tables.shown(asked.glass, name, value)
    if name == "class_path":
        return str(shown).split(" › ")[-1]
    href = case_address.of(found, row) if name == "key" else None
    return link(str(shown), href, "underlined case-no") if href else str(shown)
