"""The proof of a number: its fraction, definition, exclusions, sources, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from dashboard.pages import (
    case_table,
    change,
    own_basis,
    own_proof,
    proof_parts,
    render,
    sent_value,
)
from dashboard.pages import rows as tables
from dashboard.pages.asked import Asked, ask
from dashboard.pages.circumstances import Circumstances
from dashboard.pages.deadlines import DUE
from dashboard.pages.frame import broken
from dashboard.pages.marks import attrs, link
from dashboard.pages.reading import cause, fault_number, log
from dashboard.pages.shell import copy_button, print_button
from dashboard.pages.state import PROOF, State
from dashboard.pages.view import kept
from warehouse.errors import WarehouseError

Node = Any


def sheet(
    pages: Sequence[Any], state: State, seen: Circumstances | None = None
) -> tuple[Node, str]:
    """The drawer over the page: empty and shut when no proof is asked for."""
    if not state.get("proof"):
        return None, "sheet"
    wide = "sheet open wide" if state.get("rows") else "sheet open"
    try:
        if state.get("proof").startswith(own_proof.OWN):
            return _own(pages, state, seen), "sheet open"
        asked = ask(pages, state, seen)
        if asked is None:
            return _nothing(state), "sheet open"
        if state.get("rows"):
            return _table(asked), wide
        both = change.sides(asked)
        return (_change(both) if both else _proof(pages, asked)), wide
    except WarehouseError as error:
        number = fault_number(error)
        log.warning("proof_failed", metric=state.get("proof"), number=number, why=str(error))
        body = broken(cause(error), number, state.href)
        return [_bar(state, "数字的证据", "", []), body], "sheet open"


def _nothing(state: State) -> Node:
    return [
        _bar(state, "数字的证据", "", []),
        html.Div(
            [
                html.Span("0", className="sign"),
                html.Div(
                    [
                        html.B("没有这个指标"),
                        html.P(f"地址里的指标“{state.get('proof')}”不认识，或尚未发布数据。"),
                    ]
                ),
            ],
            className="state empty",
        ),
    ]


def _bar(state: State, small: Node, title: Node, actions: Sequence[Node]) -> Node:
    shut = state.without(PROOF).href
    close = html.A(
        ["关闭 ", html.Span("Esc", className="key-name")],
        href=shut,
        className="button",
        id="sheet-close",
        **attrs({"data-go": "1", "data-close": "1"}),
    )
    return html.Header(
        [
            html.Div([html.Span(small, className="small"), html.H2(title, tabIndex="-1")]),
            html.Div([*actions, close], className="sheet-actions"),
        ],
        className="sheet-head",
    )


def _proof(pages: Sequence[Any], asked: Asked) -> Node:
    counted = asked.rows(limit=0)
    state = asked.glass.state
    parts = [
        _bar(
            state,
            f"数字的证据 · {proof_parts.when(asked)}",
            [proof_parts.title(asked), html.Span(proof_parts.shown(asked))],
            [_copy(asked), print_button("打印")],
        ),
        _renewed(asked),
        sent_value.note(asked),
        proof_parts.fraction(asked, counted),
        proof_parts.meaning(asked),
        proof_parts.excluded(asked),
        proof_parts.sources(asked, counted),
        proof_parts.also_at(pages, asked),
        proof_parts.rows_asked(asked),
        _actions(asked, counted),
        html.Footer(_foot(asked), className="sheet-foot"),
    ]
    return [part for part in parts if part is not None]


def _own(pages: Sequence[Any], state: State, seen: Circumstances | None) -> Node:
    """A figure that no single metric gives is proved by what its page says it comes from."""
    page = render.find(pages, state.path)
    make = getattr(page, "PROOFS", {}).get(own_proof.named(state.get("proof")))
    glass = render.glass(page, render.placed(page, state), seen=seen) if make else None
    found = make(glass) if make is not None and glass is not None else None
    if found is None or glass is None:
        return _nothing(state)
    return [
        _bar(
            state,
            f"数字的证据 · {own_basis.days(glass, found)}",
            [found.title, html.Span(found.shown)],
            [copy_button(own_basis.address(glass, found)), print_button("打印")],
        ),
        sent_value.own_note(glass, found.shown),
        *own_proof.view(found),
        own_basis.metrics(glass, found),
        own_basis.sources(glass, found, page.FEEDS),
        html.Footer(own_basis.foot(glass), className="sheet-foot"),
    ]


def _change(both: change.Sides) -> Node:
    """A change is proved by both its sides and by what made it."""
    asked = both.asked
    return [
        _bar(
            asked.glass.state,
            "差别的证据" if both.between else "变化的证据",
            [proof_parts.title(asked), html.Span(change.moved(both))],
            [_copy(asked, sent_value.both(both)), print_button("打印")],
        ),
        _renewed(asked),
        sent_value.change_note(both, change.moved),
        change.boxes(both),
        change.verdict(both),
        change.table(both),
        proof_parts.meaning(asked),
        proof_parts.excluded(asked),
        proof_parts.sources(asked, asked.rows(limit=0)),
        html.Footer(_foot(asked), className="sheet-foot"),
    ]


def _copy(asked: Asked, value: str | None = None) -> Node:
    """The address as it is sent: days pinned, with the value that the sender saw."""
    return html.Button(
        "复制链接",
        id="sheet-copy",
        className="button",
        type="button",
        **attrs({"data-copy": sent_value.address(asked, asked.glass.state, value)}),
    )


def _renewed(asked: Asked) -> Node:
    if not asked.renewed:
        return None
    wanted = asked.glass.state.get("gen")
    told = (
        f"链接里的第 {wanted} 号快照已过保留时间，以下按第 {asked.glass.generation.number} 号重算。"
    )
    return html.P(told, className="renewed", role="status")


def _actions(asked: Asked, counted: Any) -> Node:
    state = asked.glass.state
    actions: list[Node] = [
        link(
            f"打开全部 {counted.total} 行",
            state.but(rows="1", part=None).href,
            "button filled",
        )
    ]
    if proof_parts.is_rate(asked):
        left = int((asked.answer.denominator or 0) - (asked.answer.numerator or 0))
        if left:
            only = state.but(rows="1", part="not_numerator").href
            words = (
                "只看未完结" if asked.metric == "mediation_completion_rate" else "只看未计入分子"
            )
            actions.append(link(f"{words} {left} 行", only, "button"))
    return html.Div([*actions, *case_table.files(asked)], className="actions")


def _foot(asked: Asked) -> str:
    number = asked.glass.generation.number
    return f"数据快照 第 {number} 号 · 链接打开同一快照 15 分钟，之后按新数重算并注明"


PART_WORDS: Final = {
    None: "全部",
    "numerator": "计入分子",
    "not_numerator": "未计入分子",
    "excluded": "已剔除",
}


def _table(asked: Asked) -> Node:
    """The whole list: the same question as the proof, all its rows, block by block."""
    state = asked.glass.state
    is_open = asked.sift(asked.view).is_open
    counted = asked.rows(limit=0 if is_open else 1, view=asked.view)
    back = link("‹ 返回证据", state.but(rows=None, part=None, due=None).href, "button")
    view_id = state.get("view")
    if asked.view.due and not view_id:  # a file holds what the table shows
        view_id = kept(asked.glass.data.store, asked.metric, asked.view)
    choices: list[Node] = []
    if proof_parts.is_rate(asked) or asked.answer.excluded:
        for part, words in PART_WORDS.items():
            if part and part != "excluded" and not proof_parts.is_rate(asked):
                continue
            total = _total(asked, part)
            href = state.but(part=part, rows="1").href
            on = asked.part == part
            choices.append(link(f"{words} {total}", href, "chip small on" if on else "chip small"))
    if asked.view.due:
        choices += _due_chips(asked, counted.total)
    days = "全部历史" if asked.view.everywhere else proof_parts.days(asked)
    told = (
        f"{days} · 共 {counted.total} 行{'以上' if counted.more else ''} · 姓名、电话、地址已脱敏"
    )
    return [
        _bar(
            state,
            told,
            [proof_parts.title(asked), html.Span(proof_parts.shown(asked))],
            [
                back,
                _copy(asked),
                print_button("打印"),
                *case_table.files(asked, asked.view, view_id),
            ],
        ),
        _renewed(asked),
        sent_value.told(asked),
        case_table.gone(asked),
        html.Div(choices, className="chips part-chips") if choices else None,
        case_table.tools(asked),
        tables.table(counted.columns, lines=bool(asked.definition.lines), view=asked.view)
        if counted.total or not is_open
        else html.Div(
            [html.Span("0", className="sign"), html.Div(html.B("没有符合的行"))],
            className="state empty",
        ),
        html.Footer(_foot(asked), className="sheet-foot"),
    ]


def _due_chips(asked: Asked, total: int) -> list[Node]:
    """Which of a stock the table shows, and the way to all of it."""
    state = asked.glass.state
    every = link(f"全部 {_total(asked, None)}", state.but(due=None, view=None).href, "chip small")
    words = f"{DUE[asked.view.due]} {total}"
    return [every, link(words, state.but(view=None).href, "chip small on")]


def _total(asked: Asked, part: str | None) -> int:
    found = asked.glass.data.reader.rows(
        asked.metric,
        asked.query,
        limit=0,
        only=part,
        generation=asked.glass.generation.number,
    )
    return int(found.total)
