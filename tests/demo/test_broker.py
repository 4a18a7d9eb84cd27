"""The town's own mosquitto: there while needed, with accounts, nothing lost before a reader."""

import asyncio
import contextlib
import socket
from datetime import timedelta

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from config.environment import environment
from config.platforms import Platform, mosquitto
from demo import broker
from demo.stage import Stage

pytestmark = pytest.mark.skipif(not mosquitto(), reason="mosquitto is not installed")
ACCOUNT = {"user": "honglan", "password_env": "MQTT_PASSWORD"}


def stage_at(town, port, key="pump_gate"):
    how, span = {"port": port, **ACCOUNT}, timedelta(minutes=5)
    block = Platform(key, key, key, "水务", "", "mqtt", span, span, True, True, how)
    return Stage(town, environment(), block)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Reader:
    """Somebody with a session that the broker keeps."""

    def __init__(self, port, word):
        self.got, self.said = [], None
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id="reader", clean_session=False
        )
        self.client.username_pw_set("honglan", word)
        self.client.on_connect = self._connected
        self.client.on_message = lambda *a: self.got.append(a[-1].payload)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _connected(self, client, _data, _flags, reason, _properties):
        self.said = str(reason)
        client.subscribe("water/#", qos=1)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def open_port(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_a_message_waits_until_somebody_wants_it_and_the_broker_ends_with_its_last_user(
    var, town, port, monkeypatch
):
    monkeypatch.setattr(broker, "AGAIN_S", 0.05)
    pumps, gates = stage_at(town, port), stage_at(town, port, "iot_device")

    async def play():
        async with broker.connected(pumps) as publish, broker.connected(gates) as other:
            sending = asyncio.create_task(publish("water/DP/1/up", b"first"))
            reader = Reader(port, pumps.secret("MQTT_PASSWORD"))
            await sending
            await other("water/DP/2/up", b"second")
            while len(reader.got) < 2:
                await asyncio.sleep(0.01)
            reader.close()
            return reader.got

    assert asyncio.run(play()) == [b"first", b"second"]
    assert not open_port(port)


def test_a_reader_without_the_right_word_is_not_let_in(var, town, port):
    stage = stage_at(town, port)

    async def play():
        async with broker.connected(stage):
            reader = Reader(port, "a guess")
            while reader.said is None:
                await asyncio.sleep(0.01)
            reader.close()
            return reader.said

    assert asyncio.run(play()) == "Not authorized"


def test_the_town_ends_at_once_while_a_message_still_waits(var, town, port):
    stage = stage_at(town, port)

    async def play():
        begun = asyncio.Event()

        async def feed():
            async with broker.connected(stage) as publish:
                begun.set()
                await publish("water/DP/1/up", b"nobody wants it")

        task = asyncio.create_task(feed())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(play())
    assert not open_port(port)


def test_a_port_that_is_taken_is_said(var, town):
    async def play(port):
        async with broker.connected(stage_at(town, port)):
            raise AssertionError("it cannot have started")

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="mosquitto"):
        asyncio.run(play(taken.getsockname()[1]))
