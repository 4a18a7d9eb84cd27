"""Without a broker on the machine the feeds of devices come by webhook, through the real door."""

import asyncio
import shutil
import socket
import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from cases import health
from cases.store import migrate, open_store
from config import clock, platforms
from config.environment import ROOT, environment
from demo import things
from demo.feeds import pump_gate
from demo.sending import outlet
from demo.stage import Stage
from etl import process
from etl.jobs import Answer
from etl.place import Place
from etl.transports import segment

KEYS = ("pump_gate", "iot_device")


@pytest.fixture
def without_broker(tmp_path, monkeypatch):
    """The shipped blocks of both feeds, on a machine without mosquitto and with free ports."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    text = (ROOT / "config" / "platforms.toml").read_text(encoding="utf-8")
    parts = text.split("\n# --- ")
    kept = [part.split("\n", 1)[1] for part in parts if part.startswith(KEYS)]
    (tmp_path / "config" / "platforms.toml").write_text("\n".join(kept), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, value in (
        ("HONGLAN_CONFIG", tmp_path / "config"), ("HONGLAN_VAR", tmp_path / "var"),
        ("HONGLAN_PUSH_PORT", port),
    ):  # fmt: skip
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(platforms, "mosquitto", lambda: None)
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.2)
    monkeypatch.setattr(process, "LOOK", timedelta(seconds=0.2))
    return tmp_path / "var"


def test_both_feeds_of_the_broker_arrive_by_webhook_and_the_town_says_so(without_broker, town, now):
    with clock.frozen(now), capture_logs() as said:
        blocks = platforms.load_platforms()
        assert {key: blocks[key].transport for key in KEYS} == dict.fromkeys(KEYS, "push")
        stages = {key: Stage(town, environment(), blocks[key]) for key in KEYS}
        for stage in stages.values():
            stage.secret(str(stage.platform.options["token_env"]))  # as the town agrees on them
        store = open_store()
        migrate(store)
        with Place(without_broker, blocks, store) as at:
            etl = process.Etl(at, lambda words: Answer(0))
            etl.start()

            async def play():
                async with outlet(stages["pump_gate"]) as send:
                    await pump_gate.tell(stages["pump_gate"], send, now)
                async with outlet(stages["iot_device"]) as send:
                    for beat in things.beats(town, now - timedelta(minutes=10), now):
                        await send("", beat)

            asyncio.run(play())
            while any(s.state != "fresh" for s in health.states(store, blocks, clock.now())):
                time.sleep(0.02)
            etl.stop()
            for key, fact in (("pump_gate", "pump_reading"), ("iot_device", "iot_beat")):
                with at.loader.writing() as warehouse:
                    count = warehouse.connection.execute(
                        f"SELECT count(*) FROM core.{fact} WHERE source = 'demo:{key}'"
                    ).fetchone()
                assert count[0] > 0
                assert {line.path.split(".")[-2] for line in at.loader.archive.lines(key)} == {
                    "jsonl"
                }
        store.close()
    assert [e["platform"] for e in said if e["event"] == "sends_by_webhook"] == list(KEYS)
