"""Where one feed of the town plays: its platform, its folders, its secrets; feeds by their key.

A feed is `demo/feeds/<key>.py` with any of
  prepare(stage)             once, before the doors open
  routes(stage) -> routes    HTTP, under /<key>/
  work(stage)                a coroutine that goes on for ever: files, webhooks, messages, lines
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from config import clock
from config.environment import Environment, ensure_secret
from config.platforms import Platform
from demo.dirt import Dirty
from demo.scenario import GONE
from demo.town import Town


@dataclass(frozen=True, eq=False)
class Stage:
    """What a feed is given."""

    town: Town
    env: Environment
    platform: Platform

    @property
    def var(self) -> Path:
        """The feed's own state."""
        folder = self.env.var / "demo" / self.platform.key
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @property
    def inbox(self) -> Path:
        """Where files for this platform are dropped."""
        folder = self.env.var / "inbox" / self.platform.key
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def outage(self, now: datetime) -> str | None:
        """How the platform is out of order at a moment; None while all is well."""
        begins, scenario = self.town.episode(now)
        for each in scenario.outages:
            if each.platform == self.platform.key:
                into = now - begins - each.after
                if into >= timedelta(0) and into % each.every < each.lasts:
                    return each.how
        return None

    @property
    def is_gone(self) -> bool:
        """Whether the platform sends nothing at present."""
        return self.outage(clock.local()) == GONE

    def dirt(self, now: datetime) -> Dirty:
        """What is wrong with what the platform sends at a moment."""
        begins, scenario = self.town.episode(now)
        soil = scenario.soil.get(self.platform.key)
        if soil is None:
            return Dirty()
        day = (now.date() - begins.date()).days
        return Dirty(soil.by, [d for d in soil.dirt if d.first <= day < d.first + d.days])

    def secret(self, name: str) -> str:
        """The secret that the ETL reads under the same name; made when there is none yet."""
        return ensure_secret(name)


def feed(key: str) -> ModuleType:
    """The feed of a platform; ModuleNotFoundError when the town has none for it."""
    return import_module(f"demo.feeds.{key}")


def has_feed(key: str) -> bool:
    """Whether the town can stand in for a platform."""
    return find_spec(f"demo.feeds.{key}") is not None
