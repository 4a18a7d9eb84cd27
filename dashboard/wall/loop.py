"""The loop of one window: a beat every two seconds, the picture when it changed.

A beat carries the server's time and asks the window for it back: a window that has not answered
for 30 s is gone, and its loop ends. It names the scene that is to be shown: the shell of a window
that shows another one loads it unseen and changes frames. Within a beat the loop looks for a new
generation, so that a change is drawn at once; without one the picture is made anew every 30 s.
Alarms go their own way beside it (`alarm_loop.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from functools import cache
from pathlib import Path

import structlog
from dash import ctx, set_props
from dash.exceptions import WebsocketDisconnected

from config import clock
from dashboard.wall import alarm_loop, arranged, frame, showing
from dashboard.wall.picture import TICK_S, chosen, pictures
from layouts import wall

log = structlog.get_logger()

BEAT_S = 2.0
GONE_AFTER_S = 30.0


async def run() -> None:
    """Serve one window until it is gone."""
    socket = ctx.websocket
    if socket is None:  # asked for over HTTP: there is no window to serve
        return
    alarms: asyncio.Task[None] | None = None
    try:
        profile, scene = chosen(await socket.get_prop(frame.ADDRESS, "search", GONE_AFTER_S))
        sent: dict[tuple[str, str], str] = {}
        number = 0
        alarms = asyncio.create_task(alarm_loop.follow(socket, profile))
        while not socket.is_shutdown:
            tick = int(time.monotonic() // TICK_S)
            picture = await asyncio.to_thread(pictures.current, profile, scene, tick)
            for (element, prop), text, value in picture.changed(sent):
                set_props(element, {prop: value})
                sent[element, prop] = text
            number += 1
            wanted = await asyncio.to_thread(showing.current)
            set_props(frame.TICK, {"children": beat(number, showing.key(wanted))})
            await socket.get_prop(frame.TICK, "children", GONE_AFTER_S)
            await asyncio.sleep(BEAT_S)
    except (TimeoutError, WebsocketDisconnected):
        log.info("wall_window_gone")
    finally:
        if alarms is not None:
            alarms.cancel()


def beat(number: int, scene: str) -> str:
    """The text of a beat: number, time in ms since 1970, the clock's speed, version, scene."""
    at = int(clock.now().timestamp() * 1000)
    return f"{number} {at} {clock.speed():g} {version()}{arranged.stamp()} {scene}"


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
