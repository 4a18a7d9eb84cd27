"""What the figures of a page mean: the definitions of its metrics in words, folded at its foot."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.pages.reading import Glass

Node = Any


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
