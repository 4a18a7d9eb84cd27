"""What a sent link said: the value the sender saw, held against now, with the cases in between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.gate import caller
from dashboard.gate.policy import OWN_ONLY
from dashboard.pages import case_address
from dashboard.pages import rows as tables
from dashboard.pages.asked import Asked
from dashboard.pages.marks import columns, link
from dashboard.pages.reading import log
from dashboard.pages.watched import noted
from warehouse.errors import WarehouseError
from warehouse.read import Moved, Since

_SHAPE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(?:/(\d{1,12}))?")
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


def note(asked: Asked) -> Any:
    """发出时 97.2 % → 现在 96.5 %, and the cases between; whatever else stands there says nothing.

    A narrower reader sees a figure of the own cases, so that the sender's is another question.
    """
    found = _SHAPE.fullmatch(asked.glass.state.get("sent"))
    rate = asked.definition.kind == "rate"
    if found is None or rate != (found[2] is not None):
        return None
    now = written(asked.answer, rate=rate)
    if caller.current().right.is_narrow:
        return html.Div(
            [
                html.P(
                    f"{OWN_ONLY}：发出的数不是这个范围的，不作比较；以下只列本单位变动的件。",
                    className="renewed",
                    role="status",
                ),
                _between(asked, None),
            ]
        )
    if now == found[0]:
        return html.P("发出时与现在相同。", className="renewed", role="status")
    told: list[Any] = [
        "发出时 ",
        html.B(_shown(found[0], asked, rate=rate)),
        " → 现在 ",
        html.B(_shown(now, asked, rate=rate)),
        "，其间到数或改动所致。",
    ]
    return html.Div([html.P(told, className="renewed", role="status"), _between(asked, found[0])])


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
