"""The town at work: HTTP interfaces, files dropped into folders, stations on their lines."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import structlog
import uvicorn
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from config import clock
from config.environment import Environment, environment
from config.platforms import load_platforms
from demo.outage import Outages
from demo.scenario import SCENARIOS
from demo.stage import Stage, feed, has_feed
from demo.town import Town, episodes, first_whole, settle

THREADS = 8
M_ARENA_MAX = -8  # of mallopt in glibc
_log = structlog.get_logger("demo.serve")


class CannotServe(Exception):
    """The town cannot open its doors; one sentence says why."""


def serve(day: str | None, speed: float | None, scenario: str, years: int | None = None) -> None:
    """Serve every platform that is a demo one, until told to stop."""
    env = environment()
    platforms = load_platforms()
    played = [p for key, p in platforms.items() if p.demo and p.enabled and has_feed(key)]
    if not played:
        raise CannotServe("no platform in platforms.toml is a demo one; there is nothing to serve")
    asks_for_time = day is not None or speed is not None or SCENARIOS[scenario].opens is not None
    if asks_for_time and not all(p.demo for p in platforms.values()):
        said = f"--date, --speed and --scenario {scenario}"
        raise CannotServe(f"{said} need every platform in platforms.toml to be demo")
    town = _found(env, day, speed, scenario, years)
    door = _door(env)
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_run([Stage(town, env, each) for each in played], door))


def _found(
    env: Environment, day: str | None, speed: float | None, scenario: str, years: int | None
) -> Town:
    """Set the town's clock where it was asked for, and found the town if there is none."""
    if day is not None or speed is not None:
        moment = clock.now()
        if day is not None:
            date = datetime.fromisoformat(day).date()
            moment = datetime.combine(date, moment.timetz())
        clock.write_shift(env.var, moment, speed if speed is not None else 1.0)
    anchor = datetime.fromisoformat(day).date() if day is not None else None
    before = episodes(env.var)
    town = settle(env.var, anchor, scenario, years)
    opens = SCENARIOS[scenario].opens
    if opens is not None and town.episodes != before:
        first = first_whole(town.episodes[-1].begins)
        evening = datetime.combine(first, opens, tzinfo=clock.ZONE)
        clock.write_shift(env.var, evening, speed if speed is not None else clock.speed())
    return town


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


async def _run(stages: list[Stage], door: socket.socket) -> None:
    _share_memory()
    _agree_on_secrets(stages)
    feeds = {stage.platform.key: (feed(stage.platform.key), stage) for stage in stages}
    for module, stage in feeds.values():
        if hasattr(module, "prepare"):
            await asyncio.to_thread(module.prepare, stage)
    server = uvicorn.Server(
        uvicorn.Config(
            application(stages),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
        )
    )
    tasks = [
        asyncio.create_task(_guarded(key, module.work, stage))
        for key, (module, stage) in feeds.items()
        if hasattr(module, "work")
    ]
    where = door.getsockname()[1]
    _log.info("served", port=where, anchor=stages[0].town.anchor.isoformat(), platforms=[*feeds])
    # uvicorn passes the signal that ended it on, once it has answered those who were there
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        await server.serve(sockets=[door])
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    _log.info("stopped")
    os._exit(0)  # what is half drawn is worth nothing: no thread is waited for


def _share_memory() -> None:
    """A few threads for those who ask and for what feeds draw, which share two heaps.

    Otherwise each thread keeps a heap as large as the longest listing that it ever made.
    """
    with contextlib.suppress(AttributeError, OSError):  # another C library has no such knob
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
    current_default_thread_limiter().total_tokens = THREADS
    workers = ThreadPoolExecutor(THREADS, thread_name_prefix="feed")
    asyncio.get_running_loop().set_default_executor(workers)


def _agree_on_secrets(stages: list[Stage]) -> None:
    """Every secret that the platforms' blocks name is there before anybody asks for it."""
    for stage in stages:
        for name in ("token_env", "password_env"):
            if stage.platform.options.get(name):
                stage.secret(str(stage.platform.options[name]))


def application(stages: list[Stage]) -> ASGIApp:
    """The HTTP interfaces of these platforms."""
    routes: list[Route] = []
    for stage in stages:
        module = feed(stage.platform.key)
        if hasattr(module, "routes"):
            routes += module.routes(stage)
    by_key = {stage.platform.key: stage for stage in stages}
    return Outages(Starlette(routes=routes), by_key)


async def _guarded(
    key: str, work: Callable[[Stage], Coroutine[Any, Any, None]], stage: Stage
) -> None:
    """One feed that fails starts again a little later and does not take the others with it."""
    while True:
        try:
            return await work(stage)
        except Exception as error:  # noqa: BLE001 - the edge of a feed; it is said and the rest go on
            _log.error("feed_failed", feed=key, error=repr(error))
            await asyncio.sleep(10)


def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # uvicorn takes SIGINT and SIGTERM over while it serves; before and after they simply end us
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    return loop
