"""A window's picture, begun before the window asks for it.

It asks when its scripts run, a second or more after its page, and the first picture of a process
has every question to plan and the words of every map to place. So a picture is begun with the page
of its window, and when the process starts for the screens that are known: after a restart they
come back all at once.
"""

from __future__ import annotations

import threading
from typing import Final

import structlog

from cases import devices
from config import clock
from dashboard.gate import caller
from dashboard.source import data
from dashboard.wall import arranged, showing
from dashboard.wall.picture import DEFAULT, TICK_S, chosen, pictures
from layouts.wall import WallProfile, WallScene

log = structlog.get_logger()
MOST: Final = 4  # at once; whoever comes beyond has it drawn when it asks
_lock = threading.Lock()
_under_way: set[tuple[str, str]] = set()


def begin(profile: WallProfile, scene: WallScene) -> None:
    """Draw beside everything else what a window is going to ask for."""
    if caller.current() is caller.NOBODY or scene.stamp == arranged.DRAFT:  # no window, or not kept
        return
    key = profile.key, scene.name
    with _lock:
        if key in _under_way or len(_under_way) >= MOST:
            return
        _under_way.add(key)
    threading.Thread(target=_draw, args=(profile, scene, key), name="early-picture").start()


def begin_known() -> None:
    """Draw for the screens that are known what they show now; for any window while none is."""
    known = {one.profile for one in devices.every(data().store) if one.revoked_at is None}
    with caller.asking(caller.SCREEN):
        for profile in sorted(known - {""}) or [DEFAULT]:
            begin(*chosen(f"?profile={profile}&scene={showing.key(showing.current())}"))


def _draw(profile: WallProfile, scene: WallScene, key: tuple[str, str]) -> None:
    try:
        pictures.current(profile, scene, int(clock.now().timestamp() // TICK_S))
    except Exception as error:  # noqa: BLE001 - the window that asks is told
        log.warning("not_drawn_early", profile=key[0], scene=key[1], error=str(error))
    finally:
        with _lock:
            _under_way.discard(key)
