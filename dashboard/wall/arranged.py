"""Which layout each scene has now: the shipped one, or what the site made of it.

A changed layout is looked at whenever its file changed. One that cannot be drawn is never used:
the shipped one stands in, and the page of the walls says so.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from config.environment import environment
from dashboard.wall.catalogue import PANELS, panel
from layouts import draft as drafts
from layouts import kept
from layouts.draft import Draft, Finding
from layouts.errors import LayoutError
from layouts.fit import Fit, fit
from layouts.grid import EMPTY
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
    return scene if name == key else for_visitors(scene)


def for_visitors(scene: WallScene) -> WallScene:
    """The scene as visitors see it, whoever arranged it: without a panel that is `inner`."""
    return scene.with_others(f"{scene.name}{VISITORS}", stand_ins(scene))


def stand_ins(scene: WallScene) -> dict[str, str]:
    """What visitors see in place of each panel that is not for them; EMPTY where nothing fits.

    What the scene's file names goes first. Anywhere else it is a panel that needs no more room, of
    the same platform if there is one.
    """
    free = [
        name
        for name, one in PANELS.items()
        if not one.inner and not one.is_bare and name not in scene.panels
    ]
    hidden = [name for name in scene.panels if panel(name).inner or name in scene.instead]
    named = {name: scene.instead[name] for name in hidden if scene.instead.get(name) in free}
    free = [name for name in free if name not in named.values()]
    found: dict[str, str] = {}
    for name in hidden:
        found[name] = named.get(name) or _stand_in(name, free)
        free = [other for other in free if other != found[name]]
    return found


def _stand_in(hidden: str, free: Sequence[str]) -> str:
    wide, high = least(hidden)
    fitting = [one for one in free if least(one)[0] <= wide and least(one)[1] <= high]
    source = panel(hidden).behind[:1]
    return min(fitting, key=lambda one: panel(one).behind[:1] != source, default=EMPTY)


def drafted(text: str, *, visitors: bool = False) -> WallScene:
    """The scene of a draft that an address carries, for a preview; ValueError for none."""
    made = drafts.unpack(text)
    scene = _with(made, standing(made.scene if made.scene in scene_names() else FIRST).scene)
    _demand_drawable(scene)
    return for_visitors(scene) if visitors else scene


def _with(draft: Draft, known: WallScene) -> WallScene:
    """A scene with a draft's composition in it."""
    grid = draft.grid()
    return replace(known, grids={**known.grids, grid.family: grid}, stamp=DRAFT)


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


def check(draft: Draft) -> list[Finding]:
    """What is wrong with a draft on the walls that would take it, and what visitors do not see."""
    found = drafts.check(draft, PANELS, served(draft), least)
    if {one.kind for one in found} & drafts.UNDRAWABLE:
        return found
    other = stand_ins(_with(draft, standing(draft.scene).scene))
    inner = [name for name in draft.cells if panel(name).inner]
    return [*found, *(Finding(drafts.INNER, name, other.get(name, EMPTY)) for name in inner)]


def served(draft: Draft) -> Mapping[str, WallProfile]:
    """The walls that would take a draft."""
    return drafts.served(load_scene(draft.scene), draft.family, load_profiles())


def stamp() -> str:
    """Changes with the layouts that count: a window with another one is outdated."""
    return ".".join(standing(name).scene.stamp for name in scene_names())
