"""Screens of the wall: which there are, how each is, and the code of a new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import dcc, html

from cases import devices, pairing
from cases.devices import Device
from cases.schema import local
from cases.store import Store, real_now
from dashboard import wording
from dashboard.gate.pairing import MOST_OUTPUTS
from dashboard.gate.rules import ADMINS
from dashboard.pages import frame, shell
from dashboard.pages.admin.parts import field, head_of
from dashboard.pages.marks import attrs, columns, link
from dashboard.pages.reading import Glass
from dashboard.pages.screen_health import health_words, last_heard, output_words, standings
from dashboard.pages.state import State
from layouts.wall import load_profiles, load_scene, scene_names

PATH = "/admin/screens"
TITLE = "大屏设备"
SHORT = "设备"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("new", "screens")
ROLES_OF_PAGE = ADMINS
STILL = True  # a form is not drawn anew under the hands of who fills it in


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """The form for a new screen, and all there are."""
    panels = [
        frame.panel("配对新屏", _new(), area="new", basis="配对码显示在新屏上，五分钟内有效"),
        frame.panel(
            "大屏设备",
            [
                html.Div(listed(data.store), id="screen-list"),
                html.P(
                    link("大屏布局：预览、调整各场景", "/admin/wall", "underlined"),
                    className="note",
                ),
            ],
            area="screens",
        ),
    ]
    return head_of(TITLE, state), shell.grid("screens", panels, AREAS)


def _new() -> Any:
    profiles = {key: one.name for key, one in load_profiles().items()}
    scenes = {name: load_scene(name).title for name in scene_names()}
    outputs = {str(n): f"第 {n} 路" for n in range(1, MOST_OUTPUTS + 1)}
    code = dcc.Input(
        id="screen-code", maxLength=12, autoComplete="off", placeholder="8 位，不分大小写"
    )
    return html.Div(
        [
            field("配对码", code),
            field("名称", dcc.Input(id="screen-name", maxLength=pairing.NAME_LENGTH)),
            field("版式", _choice("screen-profile", profiles, "按窗口自动选择", multi=False)),
            field("输出", _choice("screen-output", outputs, "整屏", multi=False)),
            field("场景", _choice("screen-scenes", scenes, "与全街道一致", multi=True)),
            field(
                "允许的地址",
                dcc.Input(id="screen-addresses", maxLength=200, placeholder="不限；多个用空格隔开"),
            ),
            html.Div(
                [
                    html.Button("配对", id="screen-pair", type="button", className="button filled"),
                    html.Div(id="screen-said", className="said", role="status"),
                ],
                className="make-row",
            ),
        ],
        className="form",
    )


def _choice(name: str, words: dict[str, str], without: str, *, multi: bool) -> Any:
    offered = [{"label": label, "value": key} for key, label in words.items()]
    return dcc.Dropdown(
        id=name, options=offered, value=[] if multi else None, multi=multi, placeholder=without
    )


def listed(store: Store) -> Any:
    """Every screen; what was withdrawn stays in the list."""
    now = real_now()
    rows = [_row(each, now) for each in devices.every(store)]
    if not rows:
        return html.P("还没有配对的大屏。在新屏上打开 /wall，即显示配对码。", className="nothing")
    heads = ["名称", "状态", "版式", "场景", "配对", "最近在线", "地址", "运行", ""]
    return columns(rows, heads=heads)


def _row(device: Device, now: datetime) -> list[Any]:
    profile = load_profiles().get(device.profile)
    shape = "自动" if profile is None else profile.name
    output = "" if device.output is None else f" 第 {device.output} 路"
    known = set(scene_names())
    scenes = "、".join(load_scene(each).title for each in device.scenes if each in known)
    heard = last_heard(device)
    end: Any = ""
    if device.revoked_at is None:
        end = html.Button(
            "停用",
            id={"type": "end-screen", "name": device.name},
            type="button",
            className="button small",
            **attrs({"aria-label": f"停用 {device.name}"}),
        )
    return [
        device.name,
        _lines(standings(device, now)),
        shape + output,
        scenes or "全部",
        f"{local(device.paired_at):%Y-%m-%d} {device.paired_by}",
        wording.NONE if heard is None else f"{local(heard):%m-%d %H:%M}",
        device.seen_from or wording.NONE,
        html.Span(_lines(_running(device)), title=device.agent),
        end,
    ]


def _running(device: Device) -> list[str]:
    return [
        f"{output_words(output)} {health_words(one)}".strip()
        for output, one in sorted(device.windows.items())
    ] or [wording.NONE]


def _lines(said: list[str]) -> Any:
    return [html.Div(one) for one in said]
