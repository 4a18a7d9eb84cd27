"""560 cameras and more behind two WVPs: counts, states, pictures, read by our own eyes."""

import hashlib
import io
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from PIL import Image

from config import clock
from demo import eyes, wvp
from tests.demo.readers import ask, door, rows, stage_of

GROUPS = {"street": "camera_street", "district": "camera_district"}
LIST = "/api/common/channel/list"


@pytest.fixture
def heads(var, monkeypatch):
    """What each platform wants to see in a question."""
    monkeypatch.setenv("CAMERA_STREET_KEY", "the key")
    monkeypatch.setenv("CAMERA_DISTRICT_PASSWORD", "the word")

    def of(app, key):
        if key == "camera_street":
            return {"api-key": "the key"}
        word = hashlib.md5(b"the word").hexdigest()
        asked = {"username": "honglan", "password": word}
        said = ask(app, f"/{key}/api/user/login", asked).json()
        return {"access-token": said["data"]["accessToken"]}

    return of


def test_the_street_has_more_than_60_and_both_together_more_than_560():
    street, district = eyes.cameras("street"), eyes.cameras("district")
    assert len(street) > 60
    assert len(district) > 500
    numbers = {camera.number for camera in (*street, *district)}
    assert len(numbers) == len(street) + len(district) > 560
    assert {len(number) for number in numbers} == {20}
    assert {camera.owner for camera in district} == {"公安分局", "交警大队", "区水务局"}


@pytest.mark.parametrize(("group", "least", "most"), [("street", 25, 90), ("district", 180, 480)])
def test_most_see_most_of_the_time_and_changes_are_few(town, group, least, most):
    days = 10
    first = date(2026, 11, 1)
    count = sum(
        len(eyes.changes(town, camera, first, first + timedelta(days=days - 1)))
        for camera in eyes.cameras(group)
    )
    assert least < count / days < most
    moments = [datetime.combine(first, time(h)) for h in range(0, 24, 4)]
    seeing = [eyes.state(town, c, at)[0] for c in eyes.cameras(group) for at in moments]
    assert 0.93 < sum(seeing) / len(seeing) < 1


def test_a_state_says_since_when_and_holds_until_the_next_change(town, now):
    for camera in eyes.cameras("district")[:40]:
        sees, since = eyes.state(town, camera, now)
        assert since <= now
        if since == datetime.combine(town.first, time()):
            continue  # it has seen for longer than is looked back
        assert eyes.state(town, camera, since) == (sees, since)
        assert eyes.state(town, camera, since - timedelta(seconds=1))[0] is not sees


@pytest.mark.parametrize("group", GROUPS)
def test_the_products_reader_takes_the_whole_catalogue(town, now, heads, group):
    key = GROUPS[group]
    app = door(town, key)
    with clock.frozen(now):
        head = heads(app, key)
        pages = [
            ask(app, f"/{key}{LIST}", {"page": page, "count": 300}, head) for page in ("1", "2")
        ]
        recorders = ask(app, f"/{key}/api/device/query/devices", {"page": 1, "count": 50}, head)
        refused = ask(app, f"/{key}{LIST}", {"page": 1, "count": 10}, {"api-key": "no"})
    assert refused.status_code == 401
    found = [row for page in pages for row in rows(key, page.content).get(f"{group}_camera", [])]
    assert len(found) == pages[0].json()["data"]["total"] == eyes.SETS[group][1]
    assert Counter(row["state"] for row in found)["在线"] > 0.9 * len(found)
    assert all(row["changed_at"] and row["community_code"] and row["industry"] for row in found)
    held = rows(key, recorders.content)[f"{group}_recorder"]
    assert len(held) == eyes.SETS[group][0]
    assert {row["kind"] for row in held} == {"NVR"}


def test_a_poll_without_a_change_is_the_same_bytes(town, now, heads):
    app = door(town, "camera_street")
    asked = {"page": 1, "count": 300}
    answers = []
    last = max(eyes.state(town, camera, now)[1] for camera in eyes.cameras("street"))
    for at in (last, last + timedelta(seconds=1)):
        with clock.frozen(at):
            head = heads(app, "camera_street")
            answers.append(ask(app, f"/camera_street{LIST}", asked, head).content)
    assert answers[0] == answers[1]


def test_the_history_holds_states_that_are_over_and_nothing_of_now(town, now, monkeypatch):
    monkeypatch.setattr(wvp, "HISTORY_DAYS", 12)
    _, payload = wvp.history(stage_of(town, "camera_street"), "street", now)
    found = rows("camera_street", payload)["street_camera"]
    assert len(found) > 200
    current = {c.number: eyes.state(town, c, now)[1] for c in eyes.cameras("street")}
    assert all(row["changed_at"] < current[row["camera_no"]].isoformat() for row in found)
    assert {row["state"] for row in found} == {"在线", "离线"}


def test_a_camera_that_sees_gives_a_picture_of_now_and_one_that_does_not_says_so(town, now, heads):
    app = door(town, "camera_street")
    for camera in eyes.cameras("street"):
        at = next(
            (t for t, sees in eyes.changes(town, camera, now.date(), now.date()) if not sees), 0
        )
        if at:
            break
    with clock.frozen(at + timedelta(seconds=5)):
        head = heads(app, "camera_street")
        asked = {"deviceId": camera.parent, "channelId": camera.number}
        assert ask(app, "/camera_street/api/play/snap", asked, head).json()["code"] == 1
        path = f"/camera_street/api/device/query/snap/{camera.parent}/{camera.number}"
        picture = Image.open(io.BytesIO(ask(app, path, {}, head).content))
    assert picture.format == "JPEG"
    assert picture.size == wvp.SIZE
