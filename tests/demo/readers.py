"""How tests ask the town's interfaces, and read the answers with the product's own eyes."""

import asyncio
import importlib

import httpx

from config.environment import environment
from config.platforms import load_platforms
from demo.serve import application
from demo.stage import Stage


def stage_of(town, key):
    return Stage(town, environment(), load_platforms()[key])


def ask(app, path, params=None, headers=None, **more):
    async def asking():
        door = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=door, base_url="http://town") as client:
            method = more.pop("method", "GET")
            return await client.request(method, path, params=params, headers=headers, **more)

    return asyncio.run(asking())


def door(town, key):
    return application([stage_of(town, key)])


def rows(key, payload):
    """What the product's parser makes of it, by table; nothing may be rejected."""
    found = {}
    for table, row in importlib.import_module(f"etl.platforms.{key}").parse(payload):
        assert table != "!", row
        found.setdefault(table, []).append(row)
    return found


def days(first, count):
    from datetime import timedelta

    return [first + timedelta(days=n) for n in range(count)]
