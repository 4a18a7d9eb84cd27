"""The proof of a change: both its sides, each a door to its own proof, and what made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from dash import html

from config import periods
from dashboard import wording
from dashboard.pages.asked import Asked
from dashboard.pages.marks import columns, door, link
from dashboard.pages.reading import pair_of
from dashboard.pages.state import UNKNOWN
from dashboard.pages.subject.beside import WHOLE
from warehouse.read import Contribution, MetricAnswer, MetricQuery, contribution, displayed

Node = Any
BYS: Final = {"community": "社区（村）", "class": "类别", "unit": "单位", "line": "条线"}
_SHOWN: Final = 14
_MEDIAN: Final = "中位数、均值不能相加，不作分解。"


@dataclass(frozen=True, slots=True)
class Sides:
    """A question over two spans of days, with both answers."""

    asked: Asked
    was: MetricQuery
    before: MetricAnswer
    names: tuple[str, str] = ("比较的一边", "本期")
    between: str = ""  # the dimension in which both differ; none where their days do

    @property
    def after(self) -> MetricAnswer:
        """The answer of the period that is asked about."""
        return self.asked.answer

    @property
    def is_rate(self) -> bool:
        """Whether the change is one of percentage points."""
        return bool(self.asked.definition.kind == "rate")


def sides(asked: Asked) -> Sides | None:
    """Both sides of the change or difference an address asks for; None when it asks for none."""
    found = _against(asked)
    if found is not None:
        return found
    days = _days(asked.glass.state.get("was"))
    if days is None:
        return None
    query = replace(asked.query, first=days[0], last=days[1], known_by=_known_by(asked, days))
    return Sides(asked, query, _answer(asked, query))


def _against(asked: Asked) -> Sides | None:
    """The same question of another place, unit or class, where the address names one."""
    glass = asked.glass
    dimension, _, value = glass.state.get("against").partition(":")
    options = glass.want.options.get(dimension, {})
    if dimension not in WHOLE or value not in options:
        return None
    changed: dict[str, Any] = {"class_path" if dimension == "class" else dimension: value}
    if dimension == "community":
        changed["grid"] = None
    query = replace(asked.query, **changed)
    own = asked.filters.get(dimension, "")
    names = (options[value], options.get(own, own) or WHOLE[dimension])
    return Sides(asked, query, _answer(asked, query), names, dimension)


def _days(text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("..")
    try:
        found = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return found if found[0] <= found[1] else None


def _known_by(asked: Asked, days: tuple[date, date]) -> datetime | None:
    """Cases by acceptance are held at the same age: the moment as of which they counted then."""
    if not asked.definition.is_cohort:
        return None
    before = periods.Period("", "range", "", *days)
    return periods.same_age(asked.query.last, asked.glass.seen(asked.answer), before)


def _answer(asked: Asked, query: MetricQuery) -> MetricAnswer:
    found: MetricAnswer = asked.glass.data.reader.metric(
        asked.metric, query, generation=asked.glass.generation.number
    )
    return found


def moved(found: Sides) -> str:
    """How it changed, in words: points for a rate, per cent or cases for a count."""
    now, then = found.after, found.before
    if found.between:
        return _difference(found)
    if found.is_rate:
        if wording.is_small(now.denominator) or wording.is_small(then.denominator):
            return "件数不足 10，不作升降"
        return wording.points_words(pair_of(now), pair_of(then))
    if now.value is None or then.value is None:
        return wording.NONE
    digits = found.asked.definition.digits
    if digits:
        by = _signed(now.value - then.value, digits)
        return "持平" if by == "0" else f"{by} {now.unit}"
    if min(now.value, then.value) < wording.SMALL_N:
        return wording.difference_words(now.value, then.value, now.unit)
    return wording.change_words(now.value, then.value)


def _difference(found: Sides) -> str:
    """How far two places or units are apart, without a judgement."""
    now, then = found.after, found.before
    if found.is_rate:
        if wording.is_small(now.denominator) or wording.is_small(then.denominator):
            return "件数不足 10，不作比较"
        by = wording.points(pair_of(now), pair_of(then))
        return wording.NONE if by is None else f"差 {_signed(by, 1)} 个百分点"
    if now.value is None or then.value is None:
        return wording.NONE
    by = now.value - then.value
    return f"差 {_signed(by, found.asked.definition.digits)} {now.unit}"


def boxes(found: Sides) -> Node:
    """Both sides beside each other: days, value, fraction; each opens its own proof."""
    return html.Div(
        [
            _box(found, found.before, found.was, found.names[0]),
            html.Div([html.B(moved(found)), html.Span("→", className="arrow-between")]),
            _box(found, found.after, found.asked.query, found.names[1]),
        ],
        className="sides",
    )


def verdict(found: Sides) -> Node:
    """Whether both sides equal a recount of their rows."""
    gaps = [_gap(found, found.before, found.was), _gap(found, found.after, found.asked.query)]
    same = not any(gaps)
    words = "✓ 两边逐行重算相等" if same else "两边逐行重算不等，待核"
    return html.P(html.B(words), className="verdict" if same else "verdict off")


def _gap(found: Sides, answer: MetricAnswer, query: MetricQuery) -> float:
    asked = found.asked
    rows = asked.glass.data.reader.rows(
        asked.metric, query, limit=0, generation=asked.glass.generation.number
    )
    gap = abs((rows.denominator or 0) - (answer.denominator or 0))
    if asked.definition.kind == "median":
        return float(gap)
    return float(gap + abs((rows.numerator or 0) - (answer.numerator or 0)))


def _box(found: Sides, answer: MetricAnswer, query: MetricQuery, name: str) -> Node:
    asked = found.asked
    words: dict[str, str | None] = {"was": None, "against": None, "by": None}
    words |= {"from": str(query.first), "to": str(query.last)}
    if found.between:
        side = query.class_path if found.between == "class" else getattr(query, found.between)
        words |= {f"p-{found.between}": side, "p-grid": query.grid}
    href = asked.glass.state.but(**words).href
    told = [html.Span(name, className="basis"), html.Span(_span(query))]
    figure = door(worded(found, answer), href, about=f"{name}{_span(query)}", cls="side-value")
    fraction = ""
    if found.is_rate and not wording.is_small(answer.denominator):
        fraction = wording.ratio(answer.numerator, answer.denominator)
    known = query.known_by
    age = f"计至{wording.full_day(known.date())}，与本期同样办理时长" if known else ""
    return html.Div(
        [html.Div(told, className="side-name"), figure, html.Span(fraction), html.P(age)],
        className="side",
    )


def _span(query: MetricQuery) -> str:
    if query.first == query.last:
        return wording.full_day(query.first)
    return f"{wording.full_day(query.first)}—{wording.full_day(query.last)}"


def worded(found: Sides, answer: MetricAnswer) -> str:
    """The value of one side as people read it."""
    if found.is_rate:
        return wording.rate(answer.numerator, answer.denominator)
    if answer.value is None:
        return wording.NONE
    return f"{wording.fixed(answer.value, found.asked.definition.digits)} {answer.unit}"


def table(found: Sides) -> Node:
    """What made the change: parts by a dimension that add up to it exactly."""
    asked = found.asked
    if not asked.definition.has_parts:
        return html.P(_MEDIAN, className="note")
    by = asked.glass.state.get("by")
    offered = [key for key in BYS if key != found.between and not _inside(found, key)]
    by = by if by in offered else offered[0]
    told = explained(found, by)
    chips = [
        link(
            words,
            asked.glass.state.but(by=key).href,
            "chip small on" if key == by else "chip small",
        )
        for key, words in BYS.items()
        if key in offered and (key != "line" or asked.definition.lines)
    ]
    head = html.H3(
        ["差在哪里" if found.between else "谁造成的", html.Span(chips, className="head-chips")]
    )
    if told is None:
        return html.Section([head, html.P("其中一边没有可计的件，不作分解。", className="note")])
    return html.Section([head, _rows(found, told, by), html.P(_note(found), className="note")])


def _inside(found: Sides, key: str) -> bool:
    """Two grids differ in their community as well."""
    return found.between == "grid" and key == "community"


def explained(found: Sides, by: str) -> Contribution | None:
    """The contribution of each value of a dimension."""
    before = _answer(found.asked, replace(found.was, by=by))
    after = _answer(found.asked, replace(found.asked.query, by=by))
    return contribution(found.asked.definition, before, after)


def _rows(found: Sides, told: Contribution, by: str) -> Node:
    scale = 100 if found.is_rate else 1
    digits = 1 if found.is_rate else 0
    effects = displayed([part.effect * scale for part in told.parts], digits)
    shown = list(zip(told.parts, effects, strict=True))[:_SHOWN]
    rest = list(zip(told.parts, effects, strict=True))[_SHOWN:]
    body = [
        [
            _name(found, by, part.key, part.label),
            _pair(found, part.before),
            _pair(found, part.after),
            html.B(_signed(effect, digits)),
        ]
        for part, effect in shown
    ]
    if rest:
        total = sum(effect for _, effect in rest)
        body.append([f"其余 {len(rest)} 项", "", "", _signed(total, digits)])
    whole = sum(effects)
    body.append(
        [
            html.B("合计"),
            worded(found, found.before),
            worded(found, found.after),
            html.B(_signed(whole, digits)),
        ]
    )
    unit = "贡献（百分点）" if found.is_rate else f"贡献（{found.after.unit}）"
    return columns(body, heads=[BYS[by], *_heads(found), unit], numbers=[1, 2, 3])


def _heads(found: Sides) -> tuple[str, str]:
    return found.names if found.between else ("之前", "本期")


def _name(found: Sides, by: str, key: str, label: str) -> Node:
    """The name opens the change of this part alone."""
    if key in ("other", ""):
        return label
    name = UNKNOWN.get(by, label) if key == "unknown" else label
    return link(name, found.asked.glass.state.but(**{f"p-{by}": key}).href, "underlined")


def _pair(found: Sides, pair: tuple[Any, Any]) -> str:
    return wording.ratio(*pair) if found.is_rate else wording.count(pair[0])


def _signed(value: Any, digits: int) -> str:
    number = float(value)
    if abs(number) < 10**-digits / 2:
        return "0"
    return f"{'+' if number > 0 else '−'}{wording.fixed(abs(number), digits)}"


def _note(found: Sides) -> str:
    if found.between:
        first, second = found.names[1], found.names[0]
        rest = "，率的差分为自身率之差与件数比重之差" if found.is_rate else ""
        return f"贡献 = {first} − {second}{rest}；各项相加等于合计。"
    if found.is_rate:
        return "贡献 = 自身率的变化 + 件数比重的变化，按两期中点计；各项相加等于合计。"
    return "贡献 = 本期 − 之前；各项相加等于合计。"
