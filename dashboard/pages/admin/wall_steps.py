"""What keys and the pointer do on the board of the walls page: steps, each taken once."""

from __future__ import annotations

from typing import Any, Final

from layouts.draft import Draft
from layouts.grid import Cells

_STEPS: Final = {
    "ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1),
}  # fmt: skip
_MOST_STEPS: Final = 200


def untaken(told: Any, done: Any) -> tuple[list[dict[str, Any]], int]:
    """The steps of the keyboard and the pointer that this draft has not taken yet, and the last.

    The page tells them again until an answer that holds them is drawn: Dash drops the answer to a
    step when the next one is made before it came.
    """
    last = done if isinstance(done, int) else 0
    given = told.get("steps") if isinstance(told, dict) else None
    steps = [
        step
        for step in (given if isinstance(given, list) else [])
        if isinstance(step, dict) and isinstance(step.get("n"), int) and step["n"] > last
    ][:_MOST_STEPS]
    return steps, max([last, *(step["n"] for step in steps)])


def keyed(draft: Draft, key: Any, panel: str | None) -> tuple[Draft, str | None]:
    """A draft after a key or a drag on a piece, and the piece that is chosen."""
    told = key if isinstance(key, dict) else {}
    panel = str(told.get("panel", panel))
    cells = draft.cells.get(panel)
    if cells is None:
        return draft, None
    wide, high = cells.right - cells.left, cells.bottom - cells.top
    most_x, most_y = len(draft.columns), len(draft.rows)
    if told.get("key") == "drop":
        left, top = whole(told.get("left")), whole(told.get("top"))
    elif told.get("key") in _STEPS:
        x, y = _STEPS[told["key"]]
        left, top = cells.left, cells.top
        if told.get("shift"):
            wide, high = wide + x, high + y
        else:
            left, top = left + x, top + y
    else:
        return draft, panel
    left, top = min(max(left, 0), most_x - 1), min(max(top, 0), most_y - 1)
    if told.get("key") == "drop" or not told.get("shift"):  # moved as a whole, it stays inside
        left, top = min(left, most_x - wide), min(top, most_y - high)
    wide, high = min(max(wide, 1), most_x - left), min(max(high, 1), most_y - top)
    return draft.put(panel, Cells(left, top, left + wide, top + high)), panel


def whole(value: Any) -> int:
    """A number of cells, 0 for what is none."""
    return int(value) if isinstance(value, int | float) and abs(value) < 1000 else 0
