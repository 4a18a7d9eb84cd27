"""What the walls page does: a change of the draft, a preview, saving, undoing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dash import Dash, Input, Output, State, no_update

from cases import audit
from cases.errors import CaseError
from cases.store import Store
from dashboard.gate import caller
from dashboard.gate.rules import ADMINS
from dashboard.pages.admin import wall_board as board
from dashboard.pages.admin import wall_undo
from dashboard.pages.admin.wall_steps import keyed, untaken, whole
from dashboard.pages.pressed import pressed
from dashboard.source import data
from dashboard.wall import arranged
from dashboard.wall.catalogue import PANELS
from layouts import draft as drafts
from layouts import kept
from layouts.draft import Draft, draft_of
from layouts.grid import Cells
from layouts.wall import Track, WallScene, load_profiles, load_scene, scene_names

_OUTPUTS: Final = (
    ("wall-draft", "data"),
    ("wall-done", "data"),
    ("wall-board", "children"),
    ("wall-family", "options"),
    ("wall-family", "value"),
    ("wall-panel", "value"),
    ("wall-left", "value"),
    ("wall-top", "value"),
    ("wall-wide", "value"),
    ("wall-high", "value"),
    ("wall-columns", "value"),
    ("wall-rows", "value"),
    ("wall-said", "children"),
    ("wall-findings", "children"),
    ("wall-diff", "children"),
    ("wall-undone", "children"),
    ("wall-newest", "data"),
    ("wall-standing", "children"),
    ("wall-preview", "children"),
)
CALLBACKS: Final = {f"..{'...'.join('.'.join(one) for one in _OUTPUTS)}..": ADMINS}
_BUTTONS: Final = (
    "wall-put", "wall-remove", "wall-tracks", "wall-show", "wall-save", "wall-undo", "wall-reset",
)  # fmt: skip
_MOST_NOTED: Final = 20
_KEPT: Final = ("wall-save", "wall-undo", "wall-reset")
_SHOWS: Final = {*_KEPT, "wall-scene", "wall-family", "wall-profile", "wall-eyes", "wall-show"}


def register(app: Dash) -> None:
    """The one callback of the page: whatever was done, the whole editor follows."""

    @app.callback(
        *[Output(*one) for one in _OUTPUTS],
        Input("wall-scene", "value"),
        Input("wall-family", "value"),
        Input("wall-profile", "value"),
        Input("wall-eyes", "value"),
        Input("wall-key", "data"),
        Input("wall-panel", "value"),
        *[Input(name, "n_clicks") for name in _BUTTONS],
        State("wall-draft", "data"),
        State("wall-done", "data"),
        State("wall-newest", "data"),
        State("wall-left", "value"),
        State("wall-top", "value"),
        State("wall-wide", "value"),
        State("wall-high", "value"),
        State("wall-columns", "value"),
        State("wall-rows", "value"),
        prevent_initial_call=True,
    )
    async def act(*given: Any) -> Any:
        button = pressed()
        if button is None:
            return (no_update,) * len(_OUTPUTS)
        return await asyncio.to_thread(_act, str(button), given)


def _act(button: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
    scene, family, profile, eyes, _, chosen = (  # what is no text is nobody's choice
        each if isinstance(each, str) else "" for each in given[:6]
    )
    key = given[4]
    packed, done, newest, *fields = given[6 + len(_BUTTONS) :]
    scene = scene if scene in scene_names() else arranged.FIRST
    profile = profile if profile in load_profiles() else next(iter(load_profiles()))
    draft = _draft(packed, scene, family, is_new=button in {"wall-scene", "wall-family"})
    panel = chosen if chosen in PANELS else None
    said = ""
    steps, done = untaken(key, done)
    if button not in {"wall-scene", "wall-family"}:  # what was done to another board is void
        for step in steps:
            draft, panel = keyed(draft, step, panel)
    if button == "wall-put" and panel:
        draft = draft.put(panel, _cells(fields[:4]))
    elif button == "wall-remove" and panel:
        draft, panel = draft.without(panel), None
    elif button == "wall-tracks":
        draft, said = tracked(draft, *fields[4:])
    elif button in _KEPT:
        said = _kept(button, draft, newest)
        if button != "wall-save":
            draft = draft_of(arranged.standing(scene).scene, draft.family)
    found = arranged.check(draft)
    can_show = not {one.kind for one in found} & drafts.UNDRAWABLE
    if button == "wall-show" and not can_show:
        said = "先改正下列问题，再预览。"
    shown = board.preview(draft, profile, eyes) if button in _SHOWS and can_show else no_update
    cells = draft.cells.get(panel) if panel else None
    numbers = (
        (cells.left + 1, cells.top + 1, cells.right - cells.left, cells.bottom - cells.top)
        if cells
        else (None, None, None, None)
    )
    offered = [{"label": told, "value": one} for one, told in board.families(scene).items()]
    return (
        board.packed(draft),
        done,
        board.board(draft, panel, done),
        offered,
        draft.family if family != draft.family else no_update,
        panel if button != "wall-panel" else no_update,
        *numbers,
        board.tracks(draft.columns),
        board.tracks(draft.rows),
        said,
        board.findings(found),
        board.difference(draft),
        wall_undo.words(scene),
        newest_of(scene),
        board.standing_words(scene),
        shown,
    )


def _draft(packed: Any, scene: str, family: Any, *, is_new: bool) -> Draft:
    """The draft of the page, or the layout in use where another one was chosen."""
    standing = arranged.standing(scene).scene
    if not is_new:
        try:
            made = drafts.unpack(str(packed))
        except ValueError:
            made = None
        if made is not None and made.scene == scene and made.family in standing.grids:
            return made
    chosen = family if family in standing.grids else next(iter(standing.grids))
    return draft_of(standing, chosen)


def tracked(draft: Draft, columns: Any, rows: Any) -> tuple[Draft, str]:
    """A draft with other widths and heights; a sentence when they cannot be read."""
    made = _tracks(columns), _tracks(rows)
    if made[0] is None or made[1] is None:
        return draft, "列宽、行高写成用逗号隔开的数，固定高度写成“4 rem”。"
    return replace(draft, columns=made[0], rows=made[1]), ""


def _tracks(text: Any) -> tuple[Track, ...] | None:
    parts = [part.strip() for part in str(text).replace("，", ",").split(",") if part.strip()]
    try:
        made = tuple(part if part.endswith("rem") else float(part) for part in parts)
    except ValueError:
        return None
    return made if 1 <= len(made) <= drafts.MOST_TRACKS else None


def _kept(pressed: str, draft: Draft, seen: Any) -> str:
    """Save, undo or go back to the shipped layout, with its row in the trail."""
    store = data().store
    try:
        if pressed == "wall-undo":
            return undo(store, draft.scene, seen)
        shipped = load_scene(draft.scene)
        if pressed == "wall-reset":
            return save(store, draft_of(shipped, draft.family), shipped)
        return save(store, draft, shipped)
    except CaseError:
        return "没有办成：业务库正忙，请再试。"
    except OSError as error:
        return f"没有办成：布局文件写不进去（{error.strerror}）。"


def save(store: Store, draft: Draft, shipped: WallScene) -> str:
    """Keep a draft that passes the check; the wall takes it within a minute."""
    found = [one for one in arranged.check(draft) if one.is_wrong]
    if found:
        return f"没有保存：还有 {len(found)} 个问题。"
    before = arranged.standing(draft.scene).scene
    rows = board.changes(draft_of(before, draft.family), draft)
    if not rows:
        return "与在用布局相同，不必保存。"
    folder = arranged.folder()
    is_shipped = not board.changes(draft_of(shipped, draft.family), draft)
    file = kept.newest(folder, draft.scene)
    text = drafts.written(kept.merged(kept.blocks(file), draft.block(), is_shipped=is_shipped))
    number = kept.save(folder, draft.scene, wall_undo.signed(text))
    changed = [f"{what}：{old} → {new}" for what, old, new in rows]
    detail = {"version": number, "changed": changed[:_MOST_NOTED]}
    _note(store, "wall_layout", draft.scene, board.family_words(draft.family), detail)
    return f"已保存为第 {number} 版，大屏一分钟内换上。"


def undo(store: Store, scene: str, seen: Any) -> str:
    """Take back the newest version of a scene, if it is the one whose changes were on screen."""
    found = wall_undo.undoing(scene)
    if found is None:
        return "没有可撤销的版本，在用的就是出厂布局。"
    if found.number != seen:
        return f"没有撤销：{found.saved} 刚保存了第 {found.number} 版，请看下方改动后再撤销。"
    kept.undo(arranged.folder(), scene)
    changed = [
        f"{board.family_words(family)} {what}：{old} → {new}"
        for family, rows in found.changes.items()
        for what, old, new in rows
    ]
    detail = {"version": found.number, "saved": found.saved, "changed": changed[:_MOST_NOTED]}
    _note(store, "wall_layout_undo", scene, found.families, detail)
    return f"已撤销第 {found.number} 版（{found.families}，{found.saved} 保存）。"


def newest_of(scene: str) -> int | None:
    """The number of the version that an undo would take back."""
    file = kept.newest(arranged.folder(), scene)
    return None if file is None else int(file.stem)


def _note(store: Store, event: str, scene: str, families: str, detail: Mapping[str, Any]) -> None:
    who = caller.current()
    subject = f"{load_scene(scene).title} {families}"
    entry = audit.Entry(event, subject, who.name, who.role, who.address, "ok", dict(detail))
    audit.record(store, entry)


def _cells(fields: list[Any]) -> Cells:
    left, top, wide, high = (whole(one) for one in fields)
    left, top = max(left, 1) - 1, max(top, 1) - 1
    return Cells(left, top, left + max(wide, 1), top + max(high, 1))
