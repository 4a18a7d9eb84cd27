"""Pumps and gates: they run when it rains, say so every five minutes, and ours reads it all."""

import asyncio
import json
from datetime import date, datetime, timedelta

from demo import polders, sky
from demo.feeds import pump_gate as feed
from demo.town import Town
from etl.formats import messages
from tests.demo.readers import rows, stage_of


def wettest(town):
    hours = sky.year(town, 2026).rain
    total = [hours[n : n + 24].sum() for n in range(len(hours) - 24)]
    return datetime(2026, 1, 1) + timedelta(
        hours=int(max(range(len(total)), key=total.__getitem__)) + 24
    )


def on(town, at):
    return sum(int(polders.pump(town, each, at)["OMCN"]) for each in polders.PUMPS)


def test_pumps_stand_still_in_dry_weather_and_work_after_a_heavy_rain(town):
    wet = wettest(town)
    assert on(town, wet) >= 4
    dry = next(
        at
        for n in range(400)
        if sky.rain_until(town, at := datetime(2026, 10, 1) + timedelta(hours=n), 72) == 0
    )
    assert on(town, dry) == 0


def test_no_more_pumps_run_than_there_are_and_no_water_runs_uphill(town):
    wet = wettest(town)
    for n in range(-48, 48):
        for reading in polders.readings(town, wet + timedelta(hours=n)):
            if reading["STTP"] == "DP":
                assert 0 <= int(reading["OMCN"]) <= int(reading["ZJTS"])
            else:
                assert 0 <= int(reading["GTOPNUM"]) <= int(reading["ZKS"])
                if float(reading["UPZ"]) <= float(reading["DWZ"]):
                    assert float(reading["GTQ"]) == 0


def test_the_steps_are_the_full_five_minutes_and_a_long_silence_is_not_made_up_for(now):
    assert feed.steps(now, now) == []
    assert feed.steps(now, now + timedelta(minutes=11)) == [
        now + timedelta(minutes=5),
        now + timedelta(minutes=10),
    ]
    assert len(feed.steps(now - timedelta(days=9), now)) == feed.MOST / polders.STEP


def test_every_message_is_taken_by_the_reader_and_there_are_3k_to_15k_a_day(town, now):
    told = []

    async def send(topic, message):
        told.append((topic, message))

    asyncio.run(feed.tell(stage_of(town, "pump_gate"), send, now))
    held = b"".join(messages.line(now, json.dumps(m).encode(), topic) for topic, m in told)
    found = rows("pump_gate", held)
    assert len(found["pump_reading"]) == len(polders.PUMPS)
    assert len(found["gate_reading"]) == len(polders.GATES)
    assert all(topic.startswith("water/") for topic, _ in told)
    assert 3_000 <= len(told) * (timedelta(days=1) / polders.STEP) <= 15_000


def test_the_dump_is_read_hour_by_hour(town, now):
    until = datetime(2026, 11, 23, 15)
    pumps, gates = polders.dump(town, until - timedelta(hours=30), until)
    assert len(rows("pump_gate", pumps)["pump_reading"]) == 31 * len(polders.PUMPS)
    assert len(rows("pump_gate", gates)["gate_reading"]) == 31 * len(polders.GATES)
    assert (pumps, gates) == polders.dump(town, until - timedelta(hours=30), until)


def test_a_young_town_dumps_no_hour_of_the_time_before_it(var):
    young = Town(date(2026, 1, 5), years=0)
    _, pumps = feed.history(stage_of(young, "pump_gate"), datetime(2026, 1, 5, 20, 4))
    hours = {row["observed_at"] for row in rows("pump_gate", pumps)["pump_reading"]}
    assert min(hours).startswith("2026-01-01") and len(hours) == 4 * 24 + 21
