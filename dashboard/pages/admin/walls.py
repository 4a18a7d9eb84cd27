"""The walls: what each one can carry, how each scene looks on it, and where its panels stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import dcc, html

from dashboard.gate.rules import ADMINS
from dashboard.pages import frame, shell
from dashboard.pages.admin import wall_board as board
from dashboard.pages.admin import wall_undo
from dashboard.pages.admin.parts import field, head_of
from dashboard.pages.admin.wall_calls import newest_of
from dashboard.pages.marks import columns, link
from dashboard.pages.reading import Glass
from dashboard.pages.state import State
from dashboard.wall import arranged
from layouts.draft import Draft, draft_of
from layouts.wall import WallProfile, load_profiles, load_scene, scene_names

PATH = "/admin/wall"
TITLE = "大屏布局"
SHORT = ""  # reached from the list of screens: the bar is full
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("choose", "board", "preview", "walls")
ROLES_OF_PAGE = ADMINS
STILL = True
FIRST_WALL: Final = "lcd_7x3"


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(_data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """The first scene as it stands, and a table of the walls."""
    scene = arranged.FIRST
    found = arranged.standing(scene)
    family = found.scene.grid_for(load_profiles()[FIRST_WALL]).family
    draft = draft_of(found.scene, family)
    panels = [
        frame.panel("选择", _chooser(scene, draft), area="choose"),
        frame.panel(
            "面板位置",
            _editor(draft),
            area="board",
            basis="点选面板后用方向键移动，Shift + 方向键改大小；也可拖动，或填格数",
        ),
        frame.panel(
            "预览",
            html.Div(board.preview(draft, FIRST_WALL), id="wall-preview"),
            area="preview",
            basis="真实数据，与大屏同一套绘制",
        ),
        frame.panel(
            "各屏能否看清",
            walls_table(load_profiles(), scene_names()),
            area="walls",
            basis="正文不小于 25 角分，关键字不小于 30 角分；放不下的面板按次序撤下，字不缩小",
        ),
    ]
    return head_of(TITLE, state), shell.grid("walls", panels, AREAS)


def _chooser(scene: str, draft: Draft) -> Any:
    titles = {name: load_scene(name).title for name in scene_names()}
    walls = {key: one.name for key, one in load_profiles().items()}
    return html.Div(
        [
            field("场景", _dropdown("wall-scene", titles, scene)),
            field("版式", _dropdown("wall-family", board.families(scene), draft.family)),
            field("预览的屏", _dropdown("wall-profile", walls, FIRST_WALL)),
            field("预览的画面", _dropdown("wall-eyes", board.EYES, board.STAFF)),
            html.Div(board.standing_words(scene), id="wall-standing", className="note"),
            link("大屏设备", "/admin/screens", "underlined"),
        ],
        className="form",
    )


def _editor(draft: Draft) -> Any:
    """The board with its fields and buttons; what a callback draws anew has an id."""
    numbers = (
        ("wall-left", "列起"),
        ("wall-top", "行起"),
        ("wall-wide", "列数"),
        ("wall-high", "行数"),
    )
    inputs = [
        field(words, dcc.Input(id=name, type="number", min=1, max=24, step=1, debounce=True))
        for name, words in numbers
    ]
    buttons = [
        ("wall-put", "放到此处", "button"),
        ("wall-remove", "移除面板", "button"),
        ("wall-tracks", "改列宽行高", "button"),
        ("wall-show", "预览", "button"),
        ("wall-save", "保存启用", "button filled"),
        ("wall-undo", "撤销上次保存", "button"),
        ("wall-reset", "本版式恢复出厂", "button"),
    ]
    return html.Div(
        [
            dcc.Store(id="wall-draft", data=board.packed(draft)),
            dcc.Store(id="wall-key"),
            dcc.Store(id="wall-done", data=0),
            dcc.Store(id="wall-newest", data=newest_of(draft.scene)),
            html.Div(board.board(draft, None), id="wall-board"),
            html.Div(
                [
                    field("面板", _dropdown("wall-panel", board.panel_names(), None)),
                    *inputs,
                    field("列宽", dcc.Input(id="wall-columns", value=board.tracks(draft.columns))),
                    field("行高", dcc.Input(id="wall-rows", value=board.tracks(draft.rows))),
                ],
                className="form wall-fields",
            ),
            html.Div(
                [
                    html.Button(words, id=name, type="button", className=cls)
                    for name, words, cls in buttons
                ],
                className="make-row",
            ),
            html.Div(id="wall-said", className="said", role="status"),
            html.Div(board.findings(arranged.check(draft)), id="wall-findings"),
            html.Div(board.difference(draft), id="wall-diff"),
            html.Div(wall_undo.words(draft.scene), id="wall-undone"),
        ],
        className="wall-editor",
    )


def walls_table(profiles: Mapping[str, WallProfile], scenes: Sequence[str]) -> Any:
    """Every wall with its canvas, its smallest type, and what it cannot carry."""
    rows = [
        [
            one.name,
            f"{one.wall_mm[0] / 1000:.2f} × {one.wall_mm[1] / 1000:.2f} 米",
            f"{one.distance_m:g} 米",
            f"{one.columns:.1f} × {one.rems}",
            f"{one.glyph_mm:.0f} 毫米 · {one.glyph_arc:.1f}′",
            f"{one.glyph_dots:.0f} 点",
            carried(one, scenes),
        ]
        for one in profiles.values()
    ]
    heads = ["屏", "尺寸", "视距", "画布", "最小字", "最小字点数", "能否放下"]
    return columns(rows, heads=heads)


def carried(profile: WallProfile, scenes: Sequence[str]) -> str:
    """What a wall cannot carry, in words; 全部清晰 where it carries everything."""
    if not profile.is_legible:
        return "看不清：像素太少或视距太远"
    names = board.panel_names()
    told = []
    for scene in scenes:
        gone = arranged.fitted(profile, arranged.scene_of(scene)).dropped
        if gone:
            told.append(
                f"{load_scene(scene).title}不显示{'、'.join(names.get(p, p) for p in gone)}"
            )
    return "；".join(told) or "全部清晰"


def _dropdown(name: str, words: Mapping[str, str], value: str | None) -> Any:
    offered = [{"label": label, "value": key} for key, label in words.items()]
    return dcc.Dropdown(id=name, options=offered, value=value, clearable=False, placeholder="未选")
