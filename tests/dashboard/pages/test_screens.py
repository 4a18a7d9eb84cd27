"""The page of the wall's screens, and what the platform page tells of them."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import update

from cases import audit, devices, pairing
from cases.errors import NotAllowed
from cases.schema import devices as rows
from cases.store import real_now
from dashboard import accounts
from dashboard.pages import screen_health
from dashboard.pages.admin import screens
from tests import fresh


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    opened = fresh.store()
    yield opened
    opened.close()


def shown_code(store):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert devices.point(base64.b64encode(raw).decode()) == raw
    return pairing.begin(store, raw, "10.0.0.9", "Chromium").code


def test_a_screen_is_listed_with_its_shape_and_how_it_is(store, monkeypatch):
    made = accounts.pair_screen(
        store, shown_code(store), "一号屏", "lcd_7x3", scenes=["flood"], addresses=["10.0.0.9"]
    )
    assert screen_health.standing_of(made, real_now()) == "尚未上线"
    devices.report(store, made.id, 0, {"up": 7200, "heap": 41, "scene": "flood"})
    (device,) = devices.every(store)
    assert screen_health.standing_of(device, real_now()) == "在线"
    late = real_now() + timedelta(minutes=10)
    assert screen_health.standing_of(device, late) == "离线 10 分"
    drawn = str(screens.listed(store))
    assert "一号屏" in drawn and "停用" in drawn and "41 MB" in drawn
    told = str(screen_health.table(store))
    assert "一号屏" in told and "防汛" in told
    accounts.end_screen(store, "一号屏")
    assert screen_health.table(store) is None
    assert "停用" in str(screens.listed(store))
    events = [row.event for row in audit.recent(store)]
    assert events[:2] == ["screen_revoke", "screen_pair"]
    noted = json.loads(audit.recent(store)[1].detail)
    assert noted == {"profile": "lcd_7x3", "scenes": ["flood"], "addresses": ["10.0.0.9"]}


def test_one_of_four_outputs_that_is_lost_or_shows_no_live_picture_is_told(store, monkeypatch):
    made = accounts.pair_screen(store, shown_code(store), "一号屏", "lcd_7x3_outputs")
    began = real_now()
    monkeypatch.setattr(devices, "real_now", lambda: began - timedelta(minutes=5))
    devices.report(store, made.id, 3, {"drawn": 1, "scene": "flood"})
    monkeypatch.setattr(devices, "real_now", lambda: began)
    devices.report(store, made.id, 1, {"drawn": 2, "scene": "flood"})
    devices.report(store, made.id, 2, {"drawn": 150, "scene": "land"})
    devices.report(store, made.id, 4, {"drawn": -1, "scene": "flood"})
    (device,) = devices.every(store)
    assert screen_health.standings(device, began) == [
        "第 1 路 在线",
        "第 2 路 画面停更 2 分",
        "第 3 路 离线 5 分",
        "第 4 路 没有画面",
    ]
    for told in (str(screens.listed(store)), str(screen_health.table(store))):
        for words in ("画面停更 2 分", "离线 5 分", "没有画面"):
            assert words in told
    assert "一号屏 第 2 路" in str(screen_health.table(store))


def test_an_output_that_is_no_more_is_forgotten_after_a_week(store, monkeypatch):
    made = accounts.pair_screen(store, shown_code(store), "一号屏", "lcd_7x3_outputs")
    began = real_now()
    monkeypatch.setattr(devices, "real_now", lambda: began - timedelta(days=8))
    devices.report(store, made.id, 4, {"drawn": 1})
    monkeypatch.setattr(devices, "real_now", lambda: began)
    devices.report(store, made.id, 1, {"drawn": 1})
    (device,) = devices.every(store)
    assert list(device.windows) == [1]


def test_what_a_screen_told_to_an_older_program_is_read(store):
    made = accounts.pair_screen(store, shown_code(store), "一号屏", "lcd_7x3")
    old = {"health": '{"up": 60, "scene": "flood"}', "health_at": real_now()}
    with store.writing() as connection:
        connection.execute(update(rows).where(rows.c.id == made.id).values(**old))
    (device,) = devices.every(store)
    assert device.windows[0].said == {"up": 60, "scene": "flood"}
    assert "防汛" in str(screen_health.table(store))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"profile": "none"}, "none: is no wall profile; allowed: "),
        ({"profile": "lcd_7x3", "output": 9}, "9: is no output of this profile"),
        ({"output": 1}, "1: is no output of this profile; allowed: none"),
        ({"scenes": ["party"]}, "party: is no scene; allowed: "),
        ({"addresses": ["10.0.0"]}, "10.0.0: is no address; allowed: IPv4 or IPv6"),
    ],
)
def test_a_wrong_record_is_refused_by_name_and_the_code_still_waits(store, more, said):
    code = shown_code(store)
    with pytest.raises(NotAllowed) as refused:
        accounts.pair_screen(store, code, "一号屏", **more)
    assert str(refused.value).startswith(said)
    assert [each.code for each in pairing.waiting(store)] == [code]
