"""The town at work: HTTP interfaces, files dropped into folders, stations on their lines."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from config import clock
from config.environment import Environment, ensure_secret, environment
from config.platforms import load_platforms
from config.thresholds import load_thresholds
from demo import mediation_sheet
from demo.hotline import Book
from demo.interface import interface
from demo.station_lines import Stations
from demo.town import Town, settle

TOKEN = "HOTLINE_12345_TOKEN"  # noqa: S105 - the secret's name
_log = structlog.get_logger("demo.serve")


class CannotServe(Exception):
    """The town cannot open its doors; one sentence says why."""


def serve(day: str | None, speed: float | None) -> None:
    """Serve every platform that is a demo one, until told to stop."""
    env = environment()
    platforms = load_platforms()
    keys = frozenset(key for key, p in platforms.items() if p.demo and p.enabled)
    if not keys:
        raise CannotServe("no platform in platforms.toml is a demo one; there is nothing to serve")
    if (day is not None or speed is not None) and not all(p.demo for p in platforms.values()):
        raise CannotServe("--date and --speed need every platform in platforms.toml to be demo")
    town = _found(env, day, speed)
    door = _door(env)
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_run(env, town, keys, door))


def _found(env: Environment, day: str | None, speed: float | None) -> Town:
    """Set the town's clock where it was asked for, and found the town if there is none."""
    if day is not None or speed is not None:
        moment = clock.now()
        if day is not None:
            date = datetime.fromisoformat(day).date()
            moment = datetime.combine(date, moment.timetz())
        clock.write_shift(env.var, moment, speed if speed is not None else 1.0)
    return settle(env.var, datetime.fromisoformat(day).date() if day is not None else None)


def _door(env: Environment) -> socket.socket:
    """The listening socket; a taken port is said before anything else is done."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", env.demo_port))
    except OSError as error:
        door.close()
        raise CannotServe(
            f"HONGLAN_DEMO_PORT = {env.demo_port} cannot be opened ({error.strerror}); "
            "set it to a free port"
        ) from None
    return door


async def _run(env: Environment, town: Town, keys: frozenset[str], door: socket.socket) -> None:
    token = ensure_secret(TOKEN)
    book = Book(town)
    app = interface(town, token, keys, book)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False)
    )
    work = {
        "hotline_12345": lambda: _ahead(book),
        "mediation": lambda: _drop_files(town, env.var),
        "gauge": lambda: _stations(env, town),
    }
    tasks = [asyncio.create_task(_guarded(key, work[key])) for key in sorted(keys & set(work))]
    _log.info("served", port=env.demo_port, anchor=town.anchor.isoformat(), platforms=sorted(keys))
    with contextlib.suppress(asyncio.CancelledError):
        await server.serve(sockets=[door])
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _guarded(key: str, feed: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One feed that fails starts again a little later and does not take the others with it."""
    while True:
        try:
            return await feed()
        except Exception as error:  # noqa: BLE001 - the edge of a feed; it is said and the rest go on
            _log.error("feed_failed", feed=key, error=repr(error))
            await asyncio.sleep(10)


async def _ahead(book: Book) -> None:
    """Draw the orders before the first reader asks for them."""
    await asyncio.to_thread(book.until, clock.today())


async def _drop_files(town: Town, var: Path) -> None:
    while True:
        path = await asyncio.to_thread(mediation_sheet.drop, town, var, clock.local())
        if path is not None:
            _log.info("dropped", file=path.name)
        await asyncio.sleep(5)


async def _stations(env: Environment, town: Town) -> None:
    stations = Stations(town, load_thresholds().stations, env.var)
    await asyncio.to_thread(stations.prepare, env.gauge_host, env.sl651_port)
    await stations.run()


def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # uvicorn takes SIGINT and SIGTERM over while it serves; before and after they simply end us
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    return loop
