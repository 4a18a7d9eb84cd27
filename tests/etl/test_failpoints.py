"""F2: the ETL dies at every named step boundary; afterwards everything is there, once."""

from __future__ import annotations

import ast
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from config import failpoint
from config.environment import ROOT
from etl import jobs
from tests.etl import under_fire

ROOMS = ("config", "warehouse", "etl", "cases")
BEFORE = {  # a point that is only reached after another end
    "segment.recovering": "segment.synced",
    "segment.recovered": "segment.synced",
}
# not reached by this town: tests/cases/test_rotation.py and tests/etl/test_arrival.py die there
ELSEWHERE = ("rotate.", "flood.")
pytestmark = pytest.mark.timeout(1800)  # each point is a start of its own


def points() -> Iterator[str]:
    """The names in the code."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoint.reach":
                    assert isinstance(node.args[0], ast.Constant), f"{file}:{node.lineno}"
                    yield node.args[0].value


def test_every_point_has_a_name_of_its_own_and_there_are_enough_of_them():
    found = list(points())
    assert len(found) == len(set(found))
    assert len(found) >= 25


def test_a_point_that_is_not_armed_does_nothing(monkeypatch):
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("killed"))
    failpoint.reach("raw.synced")
    failpoint.arm("raw.synced:3")
    failpoint.reach("raw.renamed")
    failpoint.reach("raw.synced")
    failpoint.reach("raw.synced")
    failpoint.arm("")


@pytest.mark.fault
def test_kill_9_at_every_step_loses_doubles_and_halves_nothing(
    var, configure, blocks, hotline, make_order, place, core, monkeypatch
):
    monkeypatch.setenv("HONGLAN_SL651_PORT", str(under_fire.free_port()))
    often = blocks["hotline"].format(url=hotline.url, size=100).replace('"1m"', '"1s"')
    configure(often + blocks["gauge"] + blocks["mediation"])
    chosen = os.environ.get("HONGLAN_POINTS", "")  # to look into some of them by hand
    names = [
        name
        for name in sorted(points())
        if name.startswith(tuple(chosen.split(","))) and not name.startswith(ELSEWHERE)
    ]
    town = under_fire.Town(var, hotline, make_order, 12 * len(names))
    with under_fire.nursery() as nursery:

        def die_at(name: str) -> None:
            child = nursery.say(f"go {name}")
            rescue = threading.Timer(under_fire.STUCK_S, os.kill, (child, signal.SIGTERM))
            rescue.start()
            try:
                end = nursery.ends()
            finally:
                rescue.cancel()
            assert end == -signal.SIGKILL, f"{name} was not reached ({end})"

        for number, name in enumerate(names):
            town.show((number + 1) / len(names))
            town.drop()
            if name in BEFORE:
                die_at(BEFORE[name])
            if name.startswith(("rebuild.", "job.")):
                jobs.leave(var, ["rebuild" if name.startswith("rebuild.") else "replay"])
            die_at(name)
            if number % 10 == 9:
                child = nursery.say("go")
                nursery.see_published(var)
                os.kill(child, signal.SIGTERM)
                assert nursery.ends() == 0
        nursery.run_to_the_end(town)
        under_fire.check(place(), town, nursery.readers, core)
