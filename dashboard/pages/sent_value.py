"""What a sent link said: the value the sender saw, held against now, with the cases in between.

A metric is sent as its value, a change as both its sides, a figure of a page's own as the numbers
in it: the words around them are told as they are now, so that a link can put none into the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.gate import caller
from dashboard.gate.policy import OWN_ONLY
from dashboard.pages import case_address
from dashboard.pages import rows as tables
from dashboard.pages.asked import Asked
from dashboard.pages.change import Sides
from dashboard.pages.marks import columns, link
from dashboard.pages.reading import Glass, log
from dashboard.pages.state import State, lasting
from dashboard.pages.watched import noted
from warehouse.errors import WarehouseError
from warehouse.read import MetricAnswer, Moved, Since

_SHAPE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(?:/(\d{1,12}))?")
_NUMBER = re.compile(r"[-−]?\d{1,12}(?:\.\d{1,6})?")
_NOTHING: Final = "none"
_BOTH: Final = ".."
_SHOWN: Final = 20
KINDS: Final[Mapping[str, str]] = {
    "entered": "新计入",
    "late": "后到的旧件",
    "left": "不再计入",
    "side": "改了分子",
    "excluded": "已剔除",
    "back": "恢复计入",
}
_LATE: Final = (
    "后到的旧件：发生在发出之前、之后才到数的；平台整表重送而旧样未留存的，也列在这里，分不清。"
)
_UNSAID: Final = "链接没有记发出的时刻，其间变动的件列不出来；快照只留 15 分钟。"
_SAME: Final = "发出时与现在相同。"
_AGED: Final = "比较的一边按同样办理时长计，其间变动的件列不出来。"
_CANNOT: Final = "此数所依据的中间结果不留历史，其间变动的件列不出来。"


def written(answer: Any, *, rate: bool) -> str | None:
    """The value as it stands in the address: 139/143 of a rate, 66 of a count."""
    if rate:
        return f"{answer.numerator}/{answer.denominator}" if answer.denominator else None
    return None if answer.value is None else f"{float(answer.value):.6f}".rstrip("0").rstrip(".")


def moment(asked: Asked) -> str:
    """The moment of the data that the sender sees, as it stands in the address.

    An older generation is known by its number alone; its data are as of the answer's own moment.
    """
    current = asked.glass.data.reader.current()
    here = current is not None and current.number == asked.glass.generation.number
    at = asked.glass.generation.published_at if here else asked.answer.as_of
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M:%S}"


def address(asked: Asked, state: State, value: str | None = None) -> str:
    """An address as it is sent: days pinned, with the value that the sender sees and its moment."""
    value = value or written(asked.answer, rate=asked.definition.kind == "rate")
    pinned = lasting(state, asked.glass.today)
    return pinned.but(sent=value, sent_at=moment(asked)).href


def note(asked: Asked) -> Any:
    """发出时 97.2 % → 现在 96.5 %, and the cases between; whatever else stands there says nothing.

    A narrower reader sees a figure of the own cases, so that the sender's is another question.
    """
    sent = asked.glass.state.get("sent")
    line = told(asked)
    if line is None:
        return None
    if caller.current().right.is_narrow:
        return html.Div([line, _between(asked, None)])
    if written(asked.answer, rate=asked.definition.kind == "rate") == sent:
        return line
    return html.Div([line, _between(asked, sent)])


def told(asked: Asked) -> Any:
    """The same in one line, as it stands over the table of all rows."""
    sent, rate = asked.glass.state.get("sent"), asked.definition.kind == "rate"
    if not _fits(sent, rate=rate):
        return None
    now = written(asked.answer, rate=rate)
    if caller.current().right.is_narrow:
        return _said(f"{OWN_ONLY}：发出的数不是这个范围的，不作比较；以下只列本单位变动的件。")
    if now == sent:
        return _said(_SAME)
    return _said(
        "发出时 ",
        html.B(_shown(sent, asked, rate=rate)),
        " → 现在 ",
        html.B(_shown(now, asked, rate=rate)),
        "，其间到数或改动所致。",
    )


def both(sides: Sides) -> str | None:
    """A change as it stands in the address: the value of the period, that of the comparison."""
    pair = [written(one, rate=sides.is_rate) for one in (sides.after, sides.before)]
    return _BOTH.join(str(one) for one in pair) if None not in pair else None


def change_note(sides: Sides, moved: Callable[[Sides], str]) -> Any:
    """发出时 and 现在 of both sides and of the change between them; the cases that moved.

    A link that holds one value alone, as older ones do, is held against the period's side.
    """
    asked, rate = sides.asked, sides.is_rate
    sent = asked.glass.state.get("sent").split(_BOTH)
    if len(sent) > 2 or not all(_fits(one, rate=rate) for one in sent):
        return None
    if caller.current().right.is_narrow:
        return _said(f"{OWN_ONLY}：发出的数不是这个范围的，不作比较。")
    parts = list(zip(sent, (sides.after, sides.before), reversed(sides.names), strict=False))
    then = [_was(answer, one, rate=rate) for one, answer, _ in parts]
    if all(written(answer, rate=rate) == one for one, answer, _ in parts):
        return _said(_SAME)
    words: list[Any] = []
    for one, answer, name in parts:
        now = written(answer, rate=rate)
        held = "未变" if now == one else ["→ 现在 ", html.B(_shown(now, asked, rate=rate))]
        words += [
            "；" if words else "发出时 ",
            f"{name} ",
            html.B(_shown(one, asked, rate=rate)),
            " ",
        ]
        words += held if isinstance(held, list) else [held]
    if len(then) == 2:
        was = replace(sides, asked=replace(asked, answer=then[0]), before=then[1])
        words += ["；变化 ", html.B(moved(was)), " → 现在 ", html.B(moved(sides))]
    told: list[Any] = [_said(*words, "。")]
    if written(sides.after, rate=rate) != sent[0]:
        told.append(_between(asked, sent[0]))
    if len(sent) == 2 and written(sides.before, rate=rate) != sent[1]:
        told.append(_of_before(sides, sent[1]))
    return html.Div(told)


def _of_before(sides: Sides, sent: str) -> Any:
    """The cases that moved on the other side; one held at an age is not told case by case."""
    if sides.was.known_by is not None:
        return html.P(_AGED, className="note")
    return _between(replace(sides.asked, query=sides.was, answer=sides.before), sent)


def _was(answer: MetricAnswer, sent: str, *, rate: bool) -> MetricAnswer:
    """The answer with the value that was sent."""
    num, _, den = sent.partition("/")
    if rate:
        pair = int(float(num)), int(den)
        value = pair[0] / pair[1] if pair[1] else None
        return replace(answer, value=value, numerator=pair[0], denominator=pair[1])
    return replace(answer, value=float(num), numerator=int(float(num)))


def own_written(shown: str) -> str | None:
    """A figure of a page's own as it stands in the address: the numbers in it."""
    numbers = _NUMBER.findall(shown)
    return "_".join(numbers) or (_NOTHING if shown == wording.NONE else None)


def own_note(glass: Glass, shown: str) -> Any:
    """发出时 2 站 → 现在 3 站, for what no metric gives; the cases between are not known."""
    sent = glass.state.get("sent")
    numbers = [] if sent == _NOTHING else sent.split("_")
    if not sent or not all(_NUMBER.fullmatch(one) for one in numbers):
        return None
    if caller.current().right.is_narrow:
        return _said(f"{OWN_ONLY}：发出的数不是这个范围的，不作比较。")
    if own_written(shown) == sent:
        return _said(_SAME)
    places = _NUMBER.split(shown)
    was = wording.NONE
    if numbers and len(places) == len(numbers) + 1:
        was = "".join(a + b for a, b in zip(places, [*numbers, ""], strict=True))
    elif numbers:
        was = "、".join(numbers)
    at = _moment(glass.state.get("sent-at"))
    when = f"（{wording.moment(at, glass.today)}）" if at else ""
    return _said(
        f"发出时{when} ",
        html.B(was),
        " → 现在 ",
        html.B(shown),
        "；此数不留历史，其间的变动列不出来。",
    )


def _fits(sent: str, *, rate: bool) -> bool:
    found = _SHAPE.fullmatch(sent)
    return found is not None and rate == (found[2] is not None)


def _said(*words: Any) -> Any:
    return html.P(list(words), className="renewed", role="status")


def _between(asked: Asked, sent: str | None) -> Any:
    """The cases that moved since, or the plain word why they cannot be told."""
    at = _moment(asked.glass.state.get("sent-at"))
    if at is None:
        return html.P(_UNSAID, className="note")
    reader, number = asked.glass.data.reader, asked.glass.generation.number
    try:
        found: Since = reader.since(asked.metric, asked.query, at, number, limit=_SHOWN)
    except WarehouseError as error:
        noted(error)
        log.warning("since_failed", metric=asked.metric, why=str(error))
        return html.P(_CANNOT, className="note")
    if not found.rows:
        return html.P("没有一件的计入变了。", className="note")
    total = sum(found.counts.values())
    kinds = "，".join(f"{KINDS[kind]} {n}" for kind, n in sorted(found.counts.items()))
    rest = f"，先列 {len(found.rows)} 件" if total > len(found.rows) else ""
    when = f"{wording.moment(at, asked.glass.today)} 以来"
    return html.Section(
        [
            html.H3([f"其间变动的 {total} 件", html.Span(f"{when}：{kinds}{rest}")]),
            columns(
                [_row(asked, row) for row in found.rows],
                heads=["编号", "怎么变的", "统计日", "社区（村）", "单位"],
            ),
            html.P(_account(asked, found, sent), className="note"),
        ]
    )


def _row(asked: Asked, row: Moved) -> list[Any]:
    word = KINDS[row.kind]
    if row.kind == "side":
        word = "转为计入分子" if row.num > 0 else "转为不计入分子"
    if row.reason:
        word = f"剔除：{row.reason}"
    return [
        link(row.key, case_address.href(row.source, row.key), "underlined case-no")
        if asked.is_of_cases
        else row.key,
        word,
        wording.full_day(row.on_at.date()) if row.on_at else "",
        str(tables.shown(asked.glass, "community", row.community)),
        row.unit or "",
    ]


def _account(asked: Asked, found: Since, sent: str | None) -> str:
    """Whether the cases explain the difference to the last one, and what is not known."""
    words = [_LATE] if "late" in found.counts else []
    if sent is not None and asked.definition.has_parts:
        num, _, den = sent.partition("/")
        answer = asked.answer
        now = answer.numerator if den else answer.value
        gap = abs((now or 0) - found.num - float(num))
        if den:
            gap += abs((answer.denominator or 0) - found.den - float(den))
        words.insert(
            0,
            "逐件加减与发出时的数相符。"
            if not gap
            else f"逐件加减后还差 {wording.fixed(gap, 0)}，旧样未留存，说不清是哪几件。",
        )
    return "".join(words)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def _shown(text: str | None, asked: Asked, *, rate: bool) -> str:
    if text is None:
        return wording.NONE
    if not rate:
        return f"{wording.fixed(float(text), asked.definition.digits)} {asked.answer.unit}"
    num, _, den = text.partition("/")
    shown = wording.rate(float(num), float(den))
    whole = wording.ratio(float(num), float(den))
    return shown if shown == whole else f"{shown}（{whole}）"
