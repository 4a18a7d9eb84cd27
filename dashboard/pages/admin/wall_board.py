"""The parts of the walls page: the board of cells, what is wrong, what differs, the preview."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from dash import html

from dashboard.pages.marks import attrs, columns
from dashboard.wall import arranged
from dashboard.wall.catalogue import PANELS
from layouts import draft as drafts
from layouts.draft import Draft, Finding, draft_of
from layouts.grid import Cells
from layouts.profile import FEW
from layouts.wall import VISITORS, Track, load_profiles, load_scene

WIDTH: Final = 1920  # pixels of a preview's own window, scaled to the room it gets
STAFF: Final = "staff"  # who looks at the wall
EYES: Final = {STAFF: "值守画面", VISITORS: "参观画面"}
_BARE: Final = {
    "masthead": "名称",
    "scene": "场景与天气",
    "ribbon": "告警条",
    "warnings": "预警",
    "posts": "值班岗位",
    "link_clock": "链路与时钟",
}


@cache
def panel_names() -> dict[str, str]:
    """What people call each panel."""
    return {name: one.title or _BARE.get(name, name) for name, one in PANELS.items()}


def families(scene: str) -> dict[str, str]:
    """The compositions of a scene, in words."""
    return {key: family_words(key) for key in load_scene(scene).grids}


def family_words(key: str) -> str:
    """A composition in words."""
    return f"{key.removesuffix(FEW)}（精简）" if key.endswith(FEW) else key


def tracks(given: Sequence[Track]) -> str:
    """Widths or heights as they are typed."""
    return ", ".join(one if isinstance(one, str) else f"{one:g}" for one in given)


def packed(draft: Draft) -> str:
    """A draft as the page keeps it."""
    return drafts.pack(draft)


def board(draft: Draft, chosen: str | None, done: int = 0) -> Any:
    """The cells with a piece for each panel; pieces take the focus, arrow keys move them.

    `done` is the number of the last step by key or pointer that it shows.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.Span(panel_names().get(panel, panel), className="wall-name"),
                    html.Span(size_words(cells), className="note"),
                ],
                className="wall-piece" + (" chosen" if panel == chosen else ""),
                style={
                    "gridColumn": f"{cells.left + 1} / {cells.right + 1}",
                    "gridRow": f"{cells.top + 1} / {cells.bottom + 1}",
                },
                tabIndex="0",
                **attrs({"data-panel": panel, "aria-label": panel_names().get(panel, panel)}),
            )
            for panel, cells in draft.cells.items()
        ],
        className="wall-cells",
        style={
            "gridTemplateColumns": " ".join(map(_share, draft.columns)),
            "gridTemplateRows": " ".join(map(_share, draft.rows)),
            "aspectRatio": _ratio(draft.family),
        },
        **attrs(
            {
                "data-columns": str(len(draft.columns)),
                "data-rows": str(len(draft.rows)),
                "data-done": str(done),
            }
        ),
    )


def findings(found: Sequence[Finding]) -> Any:
    """What has to be mended before the layout can be used, and what visitors do not see."""
    wrong = [one for one in found if one.is_wrong]
    hidden = [words(one) for one in found if not one.is_wrong]
    said: list[Any] = [html.Ul([html.Li(words(one)) for one in wrong[:20]], className="wall-wrong")]
    if not wrong:
        said = [html.P("校验通过：各屏均放得下、看得清。", className="note")]
    if hidden:
        said.append(html.P(f"内部面板，参观模式下不显示：{'；'.join(hidden)}。", className="note"))
    return said


def words(one: Finding) -> str:
    """One finding in a sentence: what, where, how much, what is allowed."""
    name = panel_names().get(one.panel, one.panel)
    if one.kind == drafts.UNKNOWN:
        return f"没有名为“{one.panel}”的面板，请移除。"
    if one.kind == drafts.OUTSIDE:
        return f"{name} 超出格子，请移回或改小。"
    if one.kind == drafts.OVERLAP:
        return f"{name} 与 {panel_names().get(one.other, one.other)} 重叠。"
    if one.kind == drafts.INNER:
        other = panel_names().get(one.other)
        return f"{name}，改为{other}" if other else f"{name}，该处留空"
    if one.kind == drafts.TRACKS:
        return "列宽或行高不成立：每项为大于 0 的数，或“4 rem”这样的固定高度。"
    wall = load_profiles()[one.other].name
    if one.kind == drafts.TYPE:
        return f"{wall}：看得清的字太大，全高只放得下 {one.has[1]:.0f} 行，请移近座席或换屏。"
    return (
        f"{name} 在“{wall}”上为 {one.has[0]:.1f} × {one.has[1]:.1f}，"
        f"小于最小 {one.least[0]:g} × {one.least[1]:g}，字会放不下。"
    )


def difference(draft: Draft) -> Any:
    """What a draft changes against the layout in use."""
    scene = arranged.standing(draft.scene).scene
    rows = changes(draft_of(scene, draft.family), draft)
    if not rows:
        return html.P("与在用布局相同。", className="note")
    return columns(rows, heads=["改动", "在用", "改为"])


def changes(before: Draft, after: Draft) -> list[list[str]]:
    """Each difference of two drafts: what, before, after."""
    rows = []
    for what, old, new in (
        ("列宽", before.columns, after.columns),
        ("行高", before.rows, after.rows),
    ):
        if old != new:
            rows.append([what, tracks(old), tracks(new)])
    for panel in dict.fromkeys([*before.cells, *after.cells]):
        was, now = before.cells.get(panel), after.cells.get(panel)
        if was != now:
            rows.append([panel_names().get(panel, panel), place_words(was), place_words(now)])
    return rows


def place_words(cells: Cells | None) -> str:
    """Where a panel stands, counted from 1 as the fields count."""
    if cells is None:
        return "不显示"
    return f"第 {cells.left + 1} 列第 {cells.top + 1} 行，{size_words(cells)}"


def size_words(cells: Cells) -> str:
    """How many cells a panel covers."""
    return f"{cells.right - cells.left} 列 × {cells.bottom - cells.top} 行"


def standing_words(scene: str) -> Any:
    """Which version counts, or why the changed one does not."""
    found = arranged.standing(scene)
    if found.fault:
        return html.P(
            f"第 {found.number} 版有误，大屏正用出厂布局：{found.fault}", className="wall-fault"
        )
    return "在用：出厂布局" if found.number is None else f"在用：第 {found.number} 版"


def preview(draft: Draft, profile: str, eyes: str = STAFF) -> Any:
    """The wall itself in a frame, in the shape it has on the wall, as staff or visitors see it."""
    wall = load_profiles()[profile]
    seen = f"{draft.scene}{VISITORS}" if eyes == VISITORS else draft.scene
    address = f"/wall/frame/?profile={profile}&scene={seen}"
    if changes(draft_of(arranged.standing(draft.scene).scene, draft.family), draft):
        address += f"&draft={packed(draft)}"
    size = {"width": f"{WIDTH}px", "height": f"{WIDTH / wall.aspect:.0f}px"}
    pane = html.Iframe(src=address, title=f"{wall.name} 预览", style=size, tabIndex="-1")
    return html.Div(pane, className="wall-pane", style={"aspectRatio": f"{wall.shape:.4f}"})


def _share(track: Track) -> str:
    """A track on the board; a header of fixed height looks as on a wall 45 rem high."""
    if isinstance(track, str):
        return f"minmax(34px, {float(track.split()[0]) * 100 / 45:.2f}%)"
    return f"minmax(0, {track:g}fr)"


def _ratio(family: str) -> str:
    wide, _, high = family.removesuffix(FEW).partition(":")
    return f"{wide} / {high}"
