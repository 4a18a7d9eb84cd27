"""F1: kill -9 of the ETL at random moments: nothing lost, doubled or half-visible."""

from __future__ import annotations

import os
import random
import signal
import statistics
import time

import pytest

from tests.etl import under_fire

KILLS = int(os.environ.get("HONGLAN_KILLS", "2000" if os.environ.get("HONGLAN_LONG") else "25"))
ORDERS = 800
pytestmark = [pytest.mark.fault, pytest.mark.timeout(600 + 10 * KILLS)]


def test_kill_9_at_random_moments_loses_doubles_and_halves_nothing(
    var, configure, blocks, hotline, make_order, place, core, monkeypatch
):
    monkeypatch.setenv("HONGLAN_SL651_PORT", str(under_fire.free_port()))
    often = blocks["hotline"].format(url=hotline.url, size=100).replace('"1m"', '"1s"')
    configure(often + blocks["gauge"] + blocks["mediation"])
    town = under_fire.Town(var, hotline, make_order, ORDERS)
    dice = random.Random(20261123)
    with under_fire.nursery(readers=3) as nursery:
        ends = []
        for kill in range(KILLS):
            town.show((kill + 1) / (KILLS + 1))
            if kill % 3 == 0:
                town.drop()
            child = nursery.say("go")
            if kill % 5:  # most die at work, some while they open their files
                nursery.ready()
            if kill % 10 == 9:
                nursery.see_published(var)
            time.sleep(dice.uniform(0.01, 0.7))
            os.kill(child, signal.SIGKILL)
            ends.append(nursery.ends())
        assert ends == [-signal.SIGKILL] * KILLS
        town.show(1)
        nursery.run_to_the_end(town)
        assert town.station.confirmed > KILLS
        under_fire.check(place(), town, nursery.readers, core)
    print(under_fire.told(nursery))
    assert statistics.median(nursery.back_s) < 5
