"""Where a metric stands: wall panels and pages that draw it from the same snapshot."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from layouts.wall import load_scene

_SCENE = "overview"


def standing(pages: Sequence[Any], metric: str) -> list[tuple[str, str | None]]:
    """The places by name, a page with its address; the wall first."""
    places: list[tuple[str, str | None]] = []
    if metric in _wall_metrics():
        places.append((f"大屏“{load_scene(_SCENE).title}”", None))
    places += [(f"{page.TITLE}页", page.PATH) for page in pages if metric in page.METRICS]
    return places


@cache
def _wall_metrics() -> frozenset[str]:
    """What the panels of the wall's scene say they read."""
    modules = [importlib.import_module(f"dashboard.panels.{n}") for n in load_scene(_SCENE).panels]
    return frozenset(name for module in modules for name in module.READS)
