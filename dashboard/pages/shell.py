"""What stands around every page: grid, top bar, heading, footer, tabs of the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import html

from dashboard import wording
from dashboard.gate import caller
from dashboard.pages import picker
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import PROOF, Resolved, State
from dashboard.theme import CHOICES
from layouts.page import load_page

Node = Any


def grid(name: str, panels: Sequence[Node], areas: Sequence[str]) -> Node:
    """The panels of a page on the grid of its layout file; absent areas go to a neighbour."""
    layout = load_page(name)
    style = {
        f"--{width}": _template(layout.grids[width].areas, areas)
        for width in ("wide", "medium")
        if width in layout.grids
    }
    return html.Div(list(panels), className=f"grid grid-{name}", style=style)


def _template(rows: Sequence[Sequence[str]], areas: Sequence[str]) -> str:
    present = set(areas)
    filled = []
    for row in rows:
        line = [name if name in present else "" for name in row]
        for index in range(1, len(line)):
            line[index] = line[index] or line[index - 1]
        for index in range(len(line) - 2, -1, -1):
            line[index] = line[index] or line[index + 1]
        if any(line):
            filled.append(line)
    return " ".join(f'"{" ".join(line)}"' for line in filled)


def top_bar(pages: Sequence[Any], state: State, *, tag: str, now: datetime, viewer: str) -> Node:
    """Brand, the pages there are, 演示数据 or 导入数据, the time, who is looking."""
    carried = state.only(("period", "at", "community"))
    return [
        link("智慧洪蓝", "/", "brand"),
        html.Nav(
            [
                link(
                    page.SHORT,
                    replace(carried, path=page.PATH).href,
                    "item here" if state.path == page.PATH else "item",
                )
                for page in pages
                if page.SHORT
            ],
            **attrs({"aria-label": "页面"}),
        ),
        html.Div(
            [
                html.Span(tag, className="demo") if tag else None,
                html.Span(clock_words(now), id="clock"),
                theme_switch(),
                html.A(viewer, href="/password", title="更换密码、退出登录", className="viewer"),
            ],
            className="top-right",
        ),
    ]


def theme_switch() -> Node:
    """Light, dark or as the device has it; the browser keeps the choice (assets/gate/theme.js)."""
    choices = [
        html.Button(words, className="choice", type="button", **attrs({"data-theme-choice": key}))
        for key, words in CHOICES.items()
    ]
    summary = html.Summary(
        html.Span(className="half"), title="外观", **attrs({"aria-label": "外观"})
    )
    return html.Details(
        [summary, html.Div(choices, className="menu right")], className="drop theme-switch"
    )


def clock_words(now: datetime) -> str:
    """9月30日 周三 09:44."""
    return f"{wording.day(now.date())} {wording.weekday(now.date())} {wording.clock(now)}"


def heading(
    title: str,
    short: str,
    state: State,
    want: Resolved,
    *,
    crumbs: Sequence[tuple[str, str | None]],
    copy: str,
) -> Node:
    """The page's title and path, the period picker, the buttons of the whole page."""
    path = [link("总览", "/", "underlined")]
    if state.path != "/":
        path += [html.Span("›"), link(short, state.path, "underlined")]
    whole = state.but(community=None, grid=None, down=None, **{"class": None}).without(PROOF)
    every = "本单位" if caller.current().right.is_narrow else "全街道"
    steps = [(every, whole.href if crumbs else None), *crumbs]
    for index, (words, href) in enumerate(steps):
        last = index == len(steps) - 1
        here = html.Span(words) if last or not href else link(words, href, "underlined")
        path += [html.Span("›"), here]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(title),
                    html.Nav(path, className="crumbs", **attrs({"aria-label": "位置"})),
                ],
                className="head-title",
            ),
            html.Div([*picker.picker(state, want), copy_button(copy)], className="head-tools"),
        ],
        className="head-row",
    )


def copy_button(href: str) -> Node:
    """Copies the lasting address of what is seen."""
    return html.Button("复制链接", className="button", type="button", **attrs({"data-copy": href}))


def print_button(words: str) -> Node:
    """Prints what is seen through the browser."""
    return html.Button(words, className="button", type="button", **attrs({"data-print": "1"}))


def snapshot_words(generation: Any) -> Node:
    """Which snapshot the page shows."""
    told = "还没有发布过数据快照"
    if generation is not None:
        at = generation.published_at
        told = f"数据快照 第 {generation.number} 号 · {at:%m-%d %H:%M:%S} 发布"
    return html.Span(told)


def seen_by(viewer: str, now: datetime) -> Node:
    """Who looked at the page, and when."""
    who = f"查看人 {viewer}，" if viewer else ""
    return html.Span(f"本页链接含时段、筛选与层级，转发后所见相同 · {who}{now:%Y-%m-%d %H:%M}")
