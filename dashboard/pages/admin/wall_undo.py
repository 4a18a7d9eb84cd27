"""What an undo on the walls page takes back: which version, whose, of when, and what changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dash import html

from config import clock
from dashboard import wording
from dashboard.gate import caller
from dashboard.pages.admin import wall_board as board
from dashboard.pages.marks import columns
from dashboard.wall import arranged
from layouts import kept
from layouts.draft import draft_of
from layouts.wall import WallScene, load_scene

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Undo:
    """The newest version of a scene, and how each composition differs once it is taken back."""

    number: int
    by: str
    at: datetime | None
    changes: Mapping[str, Rows]  # by composition; only those that differ

    @property
    def families(self) -> str:
        """The compositions that change, in words."""
        return "、".join(board.family_words(key) for key in self.changes) or "画面不变"

    @property
    def saved(self) -> str:
        """Who saved it and when."""
        when = "" if self.at is None else wording.moment(self.at, clock.today())
        return " ".join(part for part in (self.by, when) if part) or "何人何时未记"


def signed(text: str) -> str:
    """A layout file with who saves it and when before its compositions."""
    by, at = caller.current().name, clock.local().replace(microsecond=0)
    return f'by = {json.dumps(by, ensure_ascii=False)}\nat = "{at.isoformat()}"\n\n{text}'


def undoing(scene: str) -> Undo | None:
    """What would be taken back now; None where the shipped layout is in use."""
    file = kept.newest(arranged.folder(), scene)
    if file is None:
        return None
    shipped = load_scene(scene)
    now = arranged.standing(scene).scene
    then = _of(shipped, kept.before(arranged.folder(), scene, file))
    by, at = kept.signature(file)
    changes = {
        family: rows
        for family in shipped.grids
        if (rows := board.changes(draft_of(now, family), draft_of(then, family)))
    }
    return Undo(int(file.stem), by, at, changes)


def words(scene: str) -> Any:
    """What stands below the button: what it would do, before anybody presses it."""
    found = undoing(scene)
    if found is None:
        return html.P("没有可撤销的版本，在用的就是出厂布局。", className="note")
    said = f"撤销上次保存会取消第 {found.number} 版（{found.saved} 保存）：{found.families}。"
    rows = [
        [board.family_words(family), *row] for family, each in found.changes.items() for row in each
    ]
    table = columns(rows, heads=["版式", "改动", "在用", "撤销后"]) if rows else None
    return [html.P(said, className="note"), table]


def _of(shipped: WallScene, file: Path | None) -> WallScene:
    """The scene of an earlier version; the shipped one where that cannot be used."""
    if file is None:
        return shipped
    try:
        return kept.over(shipped, file)
    except (ValueError, OSError):  # the page says so once it counts
        return shipped
