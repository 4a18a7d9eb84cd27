import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from config import clock
from config.environment import ensure_secret, environment, read_toml, secret
from config.errors import ConfigError
from config.platforms import load_platforms

BLOCK = '[gauge]\nname = "水位"\nowner = "水务"\ntransport = "sl651"\nevery = "5m"\n'


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path


def test_a_port_that_is_no_number_is_named(monkeypatch):
    monkeypatch.setenv("HONGLAN_PORT", "eight")
    with pytest.raises(ConfigError, match=r"HONGLAN_PORT.*eight"):
        environment()


def test_a_placeholder_is_replaced_from_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "a.toml"
    file.write_text('url = "http://${HOST_OF_TEST}/"  \n# ${NOT_SET} in a comment is left alone\n')
    monkeypatch.setenv("HOST_OF_TEST", "10.0.0.1")
    assert read_toml(file) == {"url": "http://10.0.0.1/"}


def test_a_placeholder_without_value_is_named(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text('url = "${SURELY_NOT_SET}"')
    with pytest.raises(ConfigError, match="SURELY_NOT_SET"):
        read_toml(file)


def test_a_secret_readable_by_others_is_refused(var):
    (var / "secrets").mkdir()
    file = var / "secrets" / "TOKEN_X"
    file.write_text("abc")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="0600"):
        secret("TOKEN_X")


def test_a_missing_secret_says_where_to_put_it(var):
    with pytest.raises(ConfigError, match="TOKEN_Y"):
        secret("TOKEN_Y")


def test_a_secret_is_made_once_and_kept(var):
    first = ensure_secret("TOKEN_Z")
    assert len(first) > 30
    assert ensure_secret("TOKEN_Z") == secret("TOKEN_Z") == first
    assert (var / "secrets" / "TOKEN_Z").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('transport = "sl651"|transport = "ftp"', "gauge.transport"),
        ('every = "5m"|every = "soon"', "gauge.every"),
        ('every = "5m"|every = "0m"', "gauge.every"),
        ('owner = "水务"|', "gauge.owner"),
        ('every = "5m"|every = "5m"\ncolour = "red"', "gauge.colour"),
        ('every = "5m"|every = "5m"\ndemo = "yes"', "gauge.demo"),
    ],
)
def test_a_wrong_platform_block_names_key_value_and_what_is_allowed(tmp_path, change, named):
    file = tmp_path / "platforms.toml"
    before, after = change.split("|")
    file.write_text(BLOCK.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigError, match=named):
        load_platforms(file)


def test_a_demo_platform_carries_its_own_source_and_stale_defaults_to_four_cadences(tmp_path):
    file = tmp_path / "platforms.toml"
    file.write_text(BLOCK + "demo = true\n", encoding="utf-8")
    platform = load_platforms(file)["gauge"]
    assert platform.source == "demo:gauge"
    assert platform.stale_after == timedelta(minutes=20)


def test_the_town_may_run_fast_only_while_every_platform_is_a_demo_one(var, tmp_path, monkeypatch):
    config = tmp_path / "config"
    config.mkdir()
    monkeypatch.setenv("HONGLAN_CONFIG", str(config))
    start = datetime(2026, 3, 1, 8, tzinfo=clock.ZONE)
    (config / "platforms.toml").write_text(BLOCK + "demo = true\n", encoding="utf-8")
    clock.write_shift(var, start, 60)
    assert start <= clock.now() < start + timedelta(hours=1)
    (config / "platforms.toml").write_text(BLOCK, encoding="utf-8")
    clock.write_shift(var, start + timedelta(seconds=1), 60)
    assert abs(clock.now() - datetime.now(clock.ZONE)) < timedelta(minutes=1)


def test_a_test_holds_the_clock():
    with clock.frozen(datetime(2026, 11, 23, 9, 44)):
        assert clock.local() == datetime(2026, 11, 23, 9, 44)
        assert clock.now().utcoffset() == timedelta(hours=8)


def test_ports_count_up_from_a_number_in_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "a.toml"
    file.write_text("first = ${PORT_OF_TEST}\nnext = ${PORT_OF_TEST+1}\n")
    monkeypatch.setenv("PORT_OF_TEST", "8060")
    assert read_toml(file) == {"first": 8060, "next": 8061}
    monkeypatch.setenv("PORT_OF_TEST", "eight")
    with pytest.raises(ConfigError, match=r"PORT_OF_TEST\+1.*eight"):
        read_toml(file)


MQTT = BLOCK.replace("sl651", "mqtt") + 'demo_fallback = "push"\n'
WAYS = "[gauge.mqtt]\nhost = 'broker'\n[gauge.push]\nsecret_env = 'S'\n"


@pytest.mark.parametrize(
    ("demo", "broker", "transport"),
    [("true", None, "push"), ("true", "/usr/sbin/mosquitto", "mqtt"), ("false", None, "mqtt")],
)
def test_only_a_demo_platform_without_a_broker_falls_back(
    tmp_path, monkeypatch, demo, broker, transport
):
    monkeypatch.setattr("config.platforms.mosquitto", lambda: broker)
    file = tmp_path / "platforms.toml"
    file.write_text(f"{MQTT}demo = {demo}\n{WAYS}")
    gauge = load_platforms(file)["gauge"]
    assert gauge.transport == transport
    assert gauge.options == ({"secret_env": "S"} if transport == "push" else {"host": "broker"})


def test_a_fallback_that_is_no_transport_is_named(tmp_path):
    file = tmp_path / "platforms.toml"
    file.write_text(MQTT.replace("push", "pigeon"))
    with pytest.raises(ConfigError, match=r"demo_fallback.*pigeon"):
        load_platforms(file)


def test_threads_that_want_the_same_secret_at_once_agree_on_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("TOKEN_THREADS", raising=False)
    start = threading.Barrier(8)

    def want(_):
        start.wait()
        return ensure_secret("TOKEN_THREADS")

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(want, range(8)))) == 1
    assert [each.name for each in (tmp_path / "secrets").iterdir()] == ["TOKEN_THREADS"]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [("HONGLAN_DEMO_SPEED", "99", "1 to 60"), ("HONGLAN_DEMO_SCENARIO", "storm", "flood-night")],
)
def test_a_town_that_cannot_be_is_refused_with_what_is_allowed(monkeypatch, name, value, allowed):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"{name} = '{value}'.*{allowed}"):
        environment()
