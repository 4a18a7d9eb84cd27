"""What a sent link said: the value the sender saw, held against what the question gives now."""

from __future__ import annotations

import re
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.asked import Asked

_SHAPE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(?:/(\d{1,12}))?")


def written(answer: Any, *, rate: bool) -> str | None:
    """The value as it stands in the address: 139/143 of a rate, 66 of a count."""
    if rate:
        return f"{answer.numerator}/{answer.denominator}" if answer.denominator else None
    return None if answer.value is None else f"{float(answer.value):.6f}".rstrip("0").rstrip(".")


def note(asked: Asked) -> Any:
    """发出时 97.2 % → 现在 96.5 %, where they differ; whatever else stands there says nothing."""
    found = _SHAPE.fullmatch(asked.glass.state.get("sent"))
    rate = asked.definition.kind == "rate"
    if found is None or rate != (found[2] is not None):
        return None
    now = written(asked.answer, rate=rate)
    if now == found[0]:
        return html.P("发出时与现在相同。", className="renewed", role="status")
    told: list[Any] = [
        "发出时 ",
        html.B(_shown(found[0], asked, rate=rate)),
        " → 现在 ",
        html.B(_shown(now, asked, rate=rate)),
        "，其间到数或改动所致。",
    ]
    return html.P(told, className="renewed", role="status")


def _shown(text: str | None, asked: Asked, *, rate: bool) -> str:
    if text is None:
        return wording.NONE
    if not rate:
        digits = 1 if asked.definition.kind == "median" else 0
        return f"{wording.fixed(float(text), digits)} {asked.answer.unit}"
    num, _, den = text.partition("/")
    shown = wording.rate(float(num), float(den))
    whole = wording.ratio(float(num), float(den))
    return shown if shown == whole else f"{shown}（{whole}）"
