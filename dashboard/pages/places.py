"""Where a metric stands: scenes of the wall and pages that draw it from the same snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from dashboard.wall.catalogue import panel
from layouts.wall import load_scene, scene_names

FIRST = "overview"


def standing(pages: Sequence[Any], metric: str) -> list[tuple[str, str | None]]:
    """The places by name, a page with its address; the wall first."""
    places: list[tuple[str, str | None]] = []
    scenes = [title for title, reads in _wall_metrics().items() if metric in reads]
    if scenes:
        places.append((f"大屏“{'”“'.join(scenes)}”", None))
    places += [(f"{page.TITLE}页", page.PATH) for page in pages if metric in page.METRICS]
    return places


@cache
def _wall_metrics() -> Mapping[str, frozenset[str]]:
    """What the panels of each scene say they read, by the scene's title."""
    names = sorted(scene_names(), key=lambda name: name != FIRST)
    scenes = [load_scene(name) for name in names]
    return {
        scene.title: frozenset(name for one in scene.panels for name in panel(one).reads)
        for scene in scenes
    }
