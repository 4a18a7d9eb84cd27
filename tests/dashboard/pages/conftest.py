"""What pages are given in tests: the small town, its case store, a leader who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from cases.schema import (
    alarm_awaited,
    alarm_events,
    alarm_shelves,
    alarms,
    case_view,
    flood_responses,
    marks,
    metadata,
)
from config import clock
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.gate.caller import Caller
from dashboard.pages.app import PAGES
from tests.dashboard.pages.town import Town, platforms
from tests.dashboard.pages.town_cases import NOW


class Store:
    """The case store as far as pages ask: every platform arrived, one 13 minutes ago; views."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(
            self.engine,
            tables=[
                case_view, alarms, alarm_events, alarm_shelves, alarm_awaited, marks,
                flood_responses,
            ],
        )  # fmt: skip

    def reading(self) -> Any:
        """A connection that reads."""
        return self.engine.connect()

    def writing(self) -> Any:
        """A transaction."""
        return self.engine.begin()


@pytest.fixture
def town() -> Town:
    """The town of the reference pictures."""
    return Town()


def platform_states(age: timedelta = timedelta(minutes=13), state: str = "fresh") -> list[Any]:
    """Every platform of the configuration with one age and one lamp."""
    return [
        SimpleNamespace(
            key=key,
            name=platform.name,
            short=platform.short,
            state=state,
            last_success=NOW - age,
            age_s=int(age.total_seconds()),
            limit_s=int(platform.stale_after.total_seconds()),
            rows_today=7,
            quarantined=0,
            hint="",
            owner=platform.owner,
        )
        for key, platform in platforms().items()
    ]


def town_data(reader: Town) -> Any:
    """What pages are given: reader, platforms, site, thresholds, store."""
    return SimpleNamespace(
        reader=reader,
        store=Store(),
        platforms=platforms(),
        site=load_site(),
        thresholds=load_thresholds(),
    )


def _fails(_glass: Any, area: str, error: Exception) -> Any:
    raise AssertionError(f"the panel {area} could not be drawn") from error


@pytest.fixture
def served(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The pages' rendering over the town, with a frozen clock and a leader looking."""
    from dashboard.pages import reading, render  # after the fixtures, it imports dash

    data = town_data(town)
    monkeypatch.setattr(render, "source_data", lambda: data)
    monkeypatch.setattr(reading, "unexpected", _fails)  # in tests a fault of ours is one
    monkeypatch.setattr(render.health, "states", lambda *_: platform_states())
    monkeypatch.setattr(render.health, "first_load", lambda *_: None)
    leader = Caller("李**", "leader", "-")
    monkeypatch.setattr(render.caller, "current", lambda: leader)
    with clock.frozen(NOW):
        yield SimpleNamespace(town=town, data=data, render=render, pages=PAGES)


def _texts(node: Any) -> Iterator[str]:
    if node is None:
        return
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _texts(child)
    elif hasattr(node, "to_plotly_json"):
        yield from _texts(getattr(node, "children", None))
    else:
        yield str(node)


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _nodes(child)
    elif hasattr(node, "to_plotly_json"):
        yield node
        yield from _nodes(getattr(node, "children", None))


@pytest.fixture
def words() -> Callable[[Any], str]:
    """All text of a component tree, one after the other."""
    return lambda node: "".join(_texts(node))


@pytest.fixture
def nodes() -> Callable[[Any], list[Any]]:
    """All components of a tree."""
    return lambda node: list(_nodes(node))
