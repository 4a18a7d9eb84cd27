"""Whose case it is: a box over the case's page that asks why, shows one row, and forgets it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from cases import reveal
from cases.errors import Busy, CaseError, NotAllowed, NotKnown
from config import clock
from dashboard.gate import caller
from dashboard.gate.guarded import Case, may_open, refusal
from dashboard.gate.rules import LEADER, PEOPLE, SEAT, UNIT
from dashboard.pages.case_address import asked
from dashboard.pages.marks import attrs, columns
from dashboard.pages.state import State as Address
from dashboard.pages.state import parse
from dashboard.source import data
from warehouse.errors import WarehouseError
from warehouse.read import Matter

OPENERS: Final = frozenset({LEADER, SEAT, UNIT})
NAME: Final = (
    "..reveal-box.className...reveal-said.children...reveal-shown.children"
    "...reveal-timer.disabled...reveal-reason.value.."
)
CALLBACKS: Final = {NAME: PEOPLE}  # every change of page shuts the box; `opened` asks the role
SHOWN_MS: Final = 60_000
# the button on the page, which is drawn anew with each snapshot, presses this one, which never is:
# a button that is drawn would make Dash ask again, and drop an answer that was on its way
_START: Final = "reveal-start"
_SHUT = ("sheet-box", "", None, True, "")
_MARKS = 12


def button() -> Any:
    """The way into the box; for those who may open rows at all."""
    if caller.current().role not in OPENERS or caller.current().is_program:
        return None
    return html.Button(
        "查看当事人信息", type="button", className="button", **attrs({"data-press": _START})
    )


def box() -> Any:
    """The box, empty and shut; it stands on every page and holds nothing of any of them."""
    return html.Section(
        [
            html.Button("", id=_START, type="button", hidden=True),
            html.H2("查看当事人信息"),
            html.P(
                f"仅限办理需要。查看人、事由记入审计；每小时至多 {reveal.MOST_AN_HOUR} 次；"
                f"显示 {SHOWN_MS // 1000} 秒后收起。",
                className="note",
            ),
            html.Label("事由", htmlFor="reveal-reason"),
            dcc.Input(
                id="reveal-reason", maxLength=reveal.LONGEST_REASON, autoComplete="off", value=""
            ),
            html.Div(
                [
                    html.Button("查看", id="reveal-open", type="button", className="button filled"),
                    html.Button(
                        "收起",
                        id="reveal-hide",
                        type="button",
                        className="button",
                        **attrs({"data-at-once": "1"}),
                    ),
                    html.Div(id="reveal-said", className="said", role="status"),
                ],
                className="make-row",
            ),
            html.Div(id="reveal-shown"),
            dcc.Interval(id="reveal-timer", interval=SHOWN_MS, disabled=True),
        ],
        id="reveal-box",
        className="sheet-box",
        role="dialog",
        **attrs({"aria-label": "查看当事人信息"}),
    )


def register(app: Dash) -> None:
    """The one callback of the box."""

    @app.callback(
        Output("reveal-box", "className"),
        Output("reveal-said", "children"),
        Output("reveal-shown", "children"),
        Output("reveal-timer", "disabled"),
        Output("reveal-reason", "value"),
        Input(_START, "n_clicks"),
        Input("reveal-open", "n_clicks"),
        Input("reveal-hide", "n_clicks"),
        Input("reveal-timer", "n_intervals"),
        Input("url", "pathname"),
        State("reveal-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def act(
        _start: Any, _open: Any, _hide: Any, _over: Any, path: Any, reason: Any, search: Any
    ) -> Any:
        pressed = ctx.triggered_id
        if pressed == _START:
            return "sheet-box open", "", None, True, ""
        if pressed != "reveal-open":
            return _SHUT
        address = parse(path if isinstance(path, str) else "/", search)
        text = reason if isinstance(reason, str) else ""
        said, shown = await asyncio.to_thread(opened, address, text)
        kept = no_update if shown is None else ""
        return "sheet-box open", said, shown, shown is None, kept


def opened(address: Address, reason: str) -> tuple[str, Any]:
    """What is said and what is shown of the case of an address."""
    wanted = asked(address)
    who, right = caller.current(), caller.current().right
    if wanted is None or who.role not in OPENERS or who.is_program:
        return "请在案件页查看。", None
    try:
        reader = data().reader
        found: Matter | None = reader.case(*wanted)
        if found is None:
            return "没有这个案件，或不在您的权限内。", None
        is_own = right.opens is not None and (reader.within(right.opens).case(*wanted) is not None)
        case = Case(found.fact, found.row, is_own=is_own, class_words=_class_words(found))
        if not may_open(right, case):
            return refusal(case), None
        wish = reveal.Wish(found.source, found.places, reason, who.name, who.role, who.address)
        kept = reveal.reveal(data().store, wish)
    except NotAllowed as error:
        return _refused(error), None
    except NotKnown:
        return "没有留存当事人信息，或已过保存期限。", None
    except (Busy, CaseError, WarehouseError):
        return "没有取到，请再试。", None
    return "", _shown(found, kept, who)


def _refused(error: NotAllowed) -> str:
    if "too many" in str(error):
        return f"一小时内已查看 {reveal.MOST_AN_HOUR} 次，请稍后再试；已提请审计注意。"
    return f"请写明事由，{reveal.SHORTEST_REASON} 至 {reveal.LONGEST_REASON} 字。"


def _class_words(found: Matter) -> str:
    """The names along the case's class, as the site calls them."""
    code = found.row.get("class_code") or found.row.get("type_code")
    site = data().site
    tree = site.hotline_classes if found.fact == "hotline_order" else site.dispute_types
    return " ".join(each.name for each in tree if code and str(code).startswith(each.code))


def _shown(found: Matter, kept: Sequence[reveal.Kept], who: caller.Caller) -> Any:
    rows = [
        [_label(found, each, name), text or "—"]
        for each in kept
        for name, text in each.columns.items()
    ]
    mark = f"{who.name} {clock.local():%Y-%m-%d %H:%M}"
    return html.Div(
        [
            columns(rows, heads=["项目", "内容"]),
            html.Div([html.Span(mark) for _ in range(_MARKS)], className="watermark",
                     **attrs({"aria-hidden": "true"})),
            html.P(f"查看人 {mark}", className="note"),
        ],
        className="revealed",
    )  # fmt: skip


def _label(found: Matter, kept: reveal.Kept, name: str) -> str:
    """How people call a column; that of a step with the step's own number behind it."""
    if kept.fact == found.fact:
        return found.label(name)
    label = next((c.label for c in found.steps[kept.fact].columns if c.name == name), name)
    return f"{label}（{kept.key.partition('|')[2]}）"
