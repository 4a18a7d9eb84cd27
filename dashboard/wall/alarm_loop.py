"""The alarms of one window: pushed at once, and the moment they are seen written down.

Runs beside the beat of `loop.py` over the same socket, so that an alarm never waits for a picture.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Self

import structlog
from dash.exceptions import WebsocketDisconnected

from cases.alarms import note_drawn
from cases.errors import CaseError
from config import clock
from dashboard.source import data
from dashboard.wall import overlay, rehearsal
from dashboard.wall.over_line import send
from dashboard.wall.standings import Standing, standings
from dashboard.wall.watch import watch
from layouts.wall import WallProfile

log = structlog.get_logger()
DRAWN_WITHIN_S = 5.0
ASK_S = 0.04
_drawing = ThreadPoolExecutor(2, thread_name_prefix="takeover")


async def follow(socket: Any, profile: WallProfile) -> None:
    """Push every change of the alarms to a window until it is gone.

    That one was seen is found out beside: a window that is slow to draw, or draws nothing because
    its screen is off, must not keep the next alarm back.
    """
    sent: dict[tuple[str, str], str] = {}
    here = asyncio.get_running_loop()
    rehearsal.begin(profile)
    with watch.following() as window, _Seen(socket) as seen:
        while not socket.is_shutdown:
            standing = await window.changed()
            if standing is None:
                continue
            props = await here.run_in_executor(_drawing, standings.props, profile, standing)
            for (element, prop), (text, value) in props.items():
                if sent.get((element, prop)) != text:
                    send(socket, (element, prop), text, value)
                    sent[element, prop] = text
            seen.ask(standing)


class _Seen:
    """Which takeovers a window has drawn, asked for beside all else until it is gone."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._last = ""
        self._asking: dict[str, asyncio.Task[None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        for one in self._asking.values():
            one.cancel()

    def ask(self, standing: Standing) -> None:
        """Find out when this takeover is drawn, unless it is known or being asked for."""
        mark = standing.mark
        if mark and mark != self._last and mark not in self._asking:
            self._asking[mark] = asyncio.create_task(self._wait(standing))

    async def _wait(self, standing: Standing) -> None:
        try:
            self._last = await _seen(self._socket, standing) or self._last
        finally:
            self._asking.pop(standing.mark, None)


async def _seen(socket: Any, standing: Standing) -> str:
    """Wait until the window says that it has drawn the takeover, and write down when."""
    here = asyncio.get_running_loop()
    end = here.time() + DRAWN_WITHIN_S
    try:
        while here.time() < end:
            if await socket.get_prop(overlay.DRAWN, "data", DRAWN_WITHIN_S) == standing.mark:
                await here.run_in_executor(_drawing, _note, standing, clock.now())
                return standing.mark
            await asyncio.sleep(ASK_S)
    except (TimeoutError, WebsocketDisconnected):
        pass  # the beat finds out whether the window is gone
    return ""


def _note(standing: Standing, at: datetime) -> None:
    taken = standing.chosen.region
    if taken is None:
        return
    try:
        note_drawn(data().store, taken.id, taken.rank, at)
    except CaseError as error:
        log.warning("drawn_not_noted", alarm=taken.id, error=str(error))
