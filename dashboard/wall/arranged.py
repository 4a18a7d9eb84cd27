"""Which layout each scene has now: the shipped one, or what the site made of it.

A changed layout is looked at whenever its file changed. One that cannot be drawn is never used:
the shipped one stands in, and the page of the walls says so.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from config.environment import environment
from dashboard.wall.catalogue import PANELS, panel
from layouts import draft as drafts
from layouts import kept
from layouts.draft import Draft
from layouts.errors import LayoutError
from layouts.fit import Fit, fit
from layouts.wall import (
    VISITORS,
    WallProfile,
    WallScene,
    load_profiles,
    load_scene,
    scene_names,
)

log = structlog.get_logger()

FIRST = "overview"  # the scene of a window that asks for none
LEAST = (16.0, 7.0)  # rem, of a card that says nothing else
LEAST_BARE = (8.0, 3.0)
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Standing:
    """A scene as walls draw it; `fault` says why a changed layout is not used."""

    scene: WallScene
    number: int | None = None
    fault: str = ""


_lock = threading.Lock()
_standing: dict[tuple[str, str, int], Standing] = {}
_fits: dict[tuple[WallProfile, str, str], Fit] = {}


def folder() -> Path:
    """Where the site's own layouts are kept."""
    return environment().var / "layouts" / "scenes"


def standing(name: str) -> Standing:
    """The layout of a scene that counts now."""
    shipped = load_scene(name)
    try:
        file = kept.newest(folder(), name)
        if file is None:
            return Standing(shipped)
        key = (name, str(file), file.stat().st_mtime_ns)
    except OSError as error:
        return Standing(shipped, None, str(error))
    with _lock:
        if key not in _standing:
            _standing.clear()
            _standing[key] = _read(shipped, file)
        return _standing[key]


def _read(shipped: WallScene, file: Path) -> Standing:
    number = int(file.stem)
    try:
        scene = kept.over(shipped, file)
        _demand_drawable(scene)
    except (ValueError, OSError) as error:  # a LayoutError is a ValueError
        log.error("wall_layout_not_used", scene=shipped.name, file=str(file), error=str(error))
        return Standing(shipped, number, str(error))
    return Standing(scene, number)


def _demand_drawable(scene: WallScene) -> None:
    """ValueError for a layout that some wall cannot draw."""
    stray = [name for name in scene.panels if name not in PANELS]
    if stray:
        raise LayoutError(Path(scene.name), "panel", stray, "panels that there are")
    for profile in load_profiles().values():
        scene.grid_for(profile).edges(profile)


def scene_of(key: str) -> WallScene:
    """The scene a window names, -visitors included; the first one for a name no file has."""
    name = key.removesuffix(VISITORS)
    if name not in scene_names():
        return standing(FIRST).scene
    scene = standing(name).scene
    return scene if name == key else scene.for_visitors()


def drafted(text: str) -> WallScene:
    """The scene of a draft that an address carries, for a preview; ValueError for none."""
    made = drafts.unpack(text)
    known = standing(made.scene if made.scene in scene_names() else FIRST).scene
    grid = made.grid()
    scene = replace(known, grids={**known.grids, grid.family: grid}, stamp=DRAFT)
    _demand_drawable(scene)
    return scene


def fitted(profile: WallProfile, scene: WallScene) -> Fit:
    """Where a scene's panels stand on a wall, and which ones it cannot carry."""
    if scene.stamp == DRAFT:
        return fit(scene, profile, least)
    key = (profile, scene.name, scene.stamp)
    if key not in _fits:
        if len(_fits) > 500:
            _fits.clear()
        _fits[key] = fit(scene, profile, least)
    return _fits[key]


def least(name: str) -> tuple[float, float]:
    """The smallest box in rem that a panel can be drawn in."""
    one = panel(name)
    return one.least or (LEAST_BARE if one.is_bare else LEAST)


def check(draft: Draft) -> list[drafts.Finding]:
    """What is wrong with a draft on the walls that would take it."""
    return drafts.check(draft, PANELS, served(draft), least)


def served(draft: Draft) -> Mapping[str, WallProfile]:
    """The walls that would take a draft."""
    return drafts.served(load_scene(draft.scene), draft.family, load_profiles())


def stamp() -> str:
    """Changes with the layouts that count: a window with another one is outdated."""
    return ".".join(standing(name).scene.stamp for name in scene_names())
