"""The loop of one window: a beat every two seconds, the picture when it changed.

Beats are numbered, and the next one is sent when the window says that it has drawn the last: one
that has not for 30 s is gone, and its loop ends. A beat carries the server's time and names the
scene that is to be shown: the shell of a window that shows another one loads it unseen and changes
frames. Within a beat the loop looks for a new generation, so that a change is drawn at once;
without one the picture is made anew every 30 s. Alarms go their own way beside it
(`alarm_loop.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from dash import ctx, set_props
from dash.exceptions import WebsocketDisconnected

from cases.scenes import OnWall
from config import clock
from dashboard.wall import alarm_loop, arranged, frame, showing
from dashboard.wall.over_line import send
from dashboard.wall.picture import TICK_S, Picture, chosen, pictures
from layouts import wall
from layouts.wall import WallProfile, WallScene

log = structlog.get_logger()

BEAT_S = 2.0
LEAST_S = 0.25  # between two beats, however fast a demo town's clock runs
ASK_S = 0.05
GONE_AFTER_S = 30.0
LAYOUTS_S = 1.0


async def run() -> None:
    """Serve one window until it is gone."""
    socket = ctx.websocket
    if socket is None:  # asked for over HTTP: there is no window to serve
        return
    alarms: asyncio.Task[None] | None = None
    try:
        profile, scene = chosen(await socket.get_prop(frame.ADDRESS, "search", GONE_AFTER_S))
        sent: dict[tuple[str, str], str] = {}
        number = charts = ticks = last = 0
        alarms = asyncio.create_task(alarm_loop.follow(socket, profile))
        while not socket.is_shutdown and not alarms.done():
            tick = int(clock.now().timestamp() // TICK_S)
            picture, wanted = await asyncio.to_thread(_looked, profile, scene, tick)
            for (element, prop), text, value in picture.changed(sent):
                send(socket, (element, prop), text, value)
                sent[element, prop] = text
                charts += frame.is_chart(element) and value is not None
            ticks += tick != last
            last = tick
            number += 1
            told = beat(number, charts, ticks, wanted)
            set_props(frame.TICK, {"children": told})
            await asyncio.sleep(max(BEAT_S / clock.speed(), LEAST_S))
            await _drawn(socket, number)
    except (TimeoutError, WebsocketDisconnected):
        log.info("wall_window_gone")
    finally:
        if alarms is not None:
            _end(alarms)


def _end(alarms: asyncio.Task[None]) -> None:
    """End the alarms of a window that is gone; without them it must not go on as if all were well.

    Its beats end with them, and the shell that hears none changes frames.
    """
    if not alarms.done():
        alarms.cancel()
    elif not alarms.cancelled() and (error := alarms.exception()) is not None:
        log.error("alarms_of_window_ended", error=str(error), kind=type(error).__name__)


def _looked(profile: WallProfile, scene: WallScene, tick: int) -> tuple[Picture, OnWall]:
    return pictures.current(profile, scene, tick), showing.current()


async def _drawn(socket: Any, number: int) -> None:
    """Wait until the window has drawn this beat; TimeoutError when it does not."""
    end = time.monotonic() + GONE_AFTER_S
    while True:
        told = await socket.get_prop(frame.DRAWN, "data", GONE_AFTER_S)
        if isinstance(told, int) and told >= number:
            return
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(ASK_S)


def beat(number: int, charts: int, ticks: int, wanted: OnWall) -> str:
    """The text of a beat: number, time in ms since 1970, the clock's speed, version, scene, how
    many charts were sent so far, so that the window knows when it has drawn them all, the state
    of the site, so that everything says 演练 in a drill, how many data ticks were sent, and
    whether the wall is to be as bright as by day."""
    at = int(clock.now().timestamp() * 1000)
    light = "night" if wanted.night else "day"
    sent = f"{charts} {wanted.state} {ticks} {light}"
    scene = showing.key(wanted)
    return f"{number} {at} {clock.speed():g} {version()}{layouts.stamp()} {scene} {sent}"


class Layouts:
    """The stamp of the layouts, looked at once a second for all windows: it asks every folder."""

    def __init__(self, look: Callable[[], str]) -> None:
        self._look = look
        self._seen: tuple[float, str] | None = None

    def stamp(self) -> str:
        """The stamp, at most a second old."""
        now = time.monotonic()
        if self._seen is None or now - self._seen[0] > LAYOUTS_S:
            self._seen = now, self._look()
        return self._seen[1]


layouts = Layouts(arranged.stamp)


@cache
def version() -> str:
    """Changes with the code, the layouts and the assets: a window with another one is outdated."""
    here = Path(__file__).parent
    folders = (
        here,  # and the rooms in it
        here.parent / "panels",
        here.parent / "assets" / "wall",
        Path(wall.__file__).parent,
    )
    stamps = [
        f"{path.name}:{path.stat().st_mtime_ns}"
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".toml", ".css", ".js", ".svg"}
    ]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:8]
