"""What the figures of a page mean: the definitions of its metrics in words, folded at its foot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from dash import html

from dashboard.pages.reading import Glass

Node = Any
BASES: Final[Mapping[str, str]] = {
    "accepted": "按受理时间",
    "due": "按应办结时间",
    "completed": "按办结时间",
    "moment": "按时点",
}
_SHORT: Final = {"due": "本期到期", "moment": "逐日累计"}
_WHEN: Final = re.compile(r"按[^，。；（）、]{2,8}?(?:时间|日期)")


def basis_words(one: Any) -> str:
    """The time basis of a metric in the words of its definition; a stock is that of the end."""
    said = _WHEN.search(one.formula)
    words = "期末" if one.is_spell else said[0] if said else _SHORT.get(one.basis, BASES[one.basis])
    return f"{words} · {one.middle}" if one.middle else words


def of_page(metrics: tuple[str, ...], glass: Glass) -> Node:
    """Each metric's name with its formula and what it leaves out, as its definition says."""
    known = glass.data.reader.definitions()
    told = [known[name] for name in metrics if name in known]
    if not told:
        return None
    terms = [part for one in told for part in (html.Dt(one.name), html.Dd(_said(one)))]
    return html.Details(
        [
            html.Summary("本页数字的口径", className="twin-head"),
            html.Dl(terms, className="meanings"),
        ],
        className="page-help",
    )


def _said(one: Any) -> str:
    left_out = str(one.exclusions or "").rstrip("。")
    formula = str(one.formula).rstrip("。")
    return f"{formula}。剔除：{left_out}。" if left_out else f"{formula}。"
