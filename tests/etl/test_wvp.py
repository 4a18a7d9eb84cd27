"""A GB28181 platform: its whole catalogue or none of it, its login, its pictures."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
import stamina
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from config.errors import ConfigError
from config.platforms import load_platforms
from etl import snapshot
from etl.errors import Refused, Retryable
from etl.formats import jpeg
from etl.transports import wvp
from tests.etl.district import Served

NOW = datetime(2026, 11, 23, 12, 0, 0)
WORD = "a-password-of-the-test"
DEVICE = "32011700001180000001"
BLOCK = """
[camera_street]
name = "雪亮工程"
owner = "派出所"
transport = "wvp"
every = "5m"
[camera_street.wvp]
url = "{url}"
{options}
"""
LOGIN = 'user = "honglan"\ntoken_env = "WVP_PASSWORD"\n'


def picture(width: int = 640, height: int = 360) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def channel(number: int) -> dict:
    return {
        "gbId": number,
        "gbDeviceId": f"3201170000132{number:07d}",
        "gbName": f"河口村{number}号",
        "gbStatus": "ON" if number % 9 else "OFF",
        "gbCivilCode": "320117",
    }


class Wvp:
    """What WVP answers, in its envelopes, with its tokens."""

    def __init__(self) -> None:
        self.channels = [channel(n) for n in range(560)]
        self.devices = [{"deviceId": DEVICE, "onLine": True, "keepaliveTimeStamp": 1}]
        self.tokens: set[str] = set()
        self.logins = 0
        self.asked: list[str] = []
        self.picture = picture()
        self.gives_picture = True
        self.on_page = lambda page: None

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/user/login", self.login),
                Route("/api/device/query/devices", self.list),
                Route("/api/common/channel/list", self.list),
                Route("/api/play/snap", self.snap),
                Route("/api/device/query/snap/{device}/{channel}", self.file),
            ]
        )

    async def login(self, request) -> Response:
        query = request.query_params
        if query["password"] != hashlib.md5(WORD.encode()).hexdigest():
            return JSONResponse({"code": 100, "msg": "用户名或密码错误", "data": None})
        self.logins += 1
        token = f"token-{self.logins}"
        self.tokens.add(token)
        return JSONResponse({"code": 0, "msg": "成功", "data": {"accessToken": token}})

    def lets_in(self, request) -> bool:
        headers = request.headers
        return headers.get("access-token") in self.tokens or headers.get("api-key") == WORD

    async def list(self, request) -> Response:
        self.asked.append(f"{request.url.path}?{request.url.query}")
        if not self.lets_in(request):
            return JSONResponse({"code": 401, "msg": "请登录后重新请求"}, 401)
        page, count = int(request.query_params["page"]), int(request.query_params["count"])
        every = self.channels if "channel" in request.url.path else self.devices
        part = every[(page - 1) * count : page * count]
        data = {"total": len(every), "list": part, "pageNum": page, "pageSize": count}
        self.on_page(page)
        return JSONResponse({"code": 0, "msg": "成功", "data": data})

    async def snap(self, request) -> Response:
        if not self.lets_in(request):
            return JSONResponse({"code": 401}, 401)
        if not self.gives_picture:
            return JSONResponse({"code": 408, "msg": "点播超时", "data": None})
        query = request.query_params
        name = f"/opt/wvp/snap/{query['deviceId']}_{query['channelId']}_20261123120000.jpg"
        return JSONResponse({"code": 0, "msg": "成功", "data": name})

    async def file(self, request) -> Response:
        if request.query_params.get("mark") != "20261123120000":
            return Response(status_code=404)
        return Response(self.picture, media_type="image/png")  # as WVP names it


@pytest.fixture
def served():
    made = Wvp()
    server = Served(made.app())
    yield made, server.url
    server.close()


@pytest.fixture
def platform(configure, served, monkeypatch):
    monkeypatch.setenv("WVP_PASSWORD", WORD)

    def make(options: str = LOGIN, url: str = ""):
        configure(BLOCK.format(url=url or served[1], options=options))
        return load_platforms()["camera_street"]

    return make


@pytest.fixture
def cameras(platform):
    opened = []

    def make(options: str = LOGIN) -> wvp.Cameras:
        opened.append(wvp.poll(platform(options)))
        return opened[-1]

    with stamina.set_testing(True, attempts=3, cap=True):
        yield make
    for each in opened:
        each.close()


def numbers(answers) -> list[str]:
    entries = [e for a in answers for e in json.loads(a.payload)["data"]["list"]]
    return [entry["gbDeviceId"] for entry in entries if "gbDeviceId" in entry]


def test_all_channels_and_devices_come_in_a_few_pages_as_they_were_sent(cameras, served):
    answers = list(cameras().pages(None, NOW))
    assert numbers(answers) == [each["gbDeviceId"] for each in served[0].channels]
    assert [answer.records for answer in answers] == [1, 300, 260]
    assert answers[0].total == 561
    assert [answer.cursor for answer in answers] == [None] * 3


def test_while_no_camera_changed_the_channels_are_the_same_bytes(cameras, served):
    asking = cameras()
    first = [answer.payload for answer in asking.pages(None, NOW)]
    served[0].devices[0]["keepaliveTimeStamp"] = 61
    second = [answer.payload for answer in asking.pages(None, NOW)]
    assert first[1:] == second[1:]
    assert first[0] != second[0]


def test_one_login_serves_until_the_platform_says_no_then_one_more(cameras, served):
    asking = cameras()
    list(asking.pages(None, NOW))
    list(asking.pages(None, NOW))
    assert served[0].logins == 1
    served[0].tokens.clear()
    assert len(numbers(asking.pages(None, NOW))) == 560
    assert served[0].logins == 2


def test_an_api_key_needs_no_login(cameras, served):
    options = 'auth = "api-key"\ntoken_env = "WVP_PASSWORD"\nparams = { civilCode = "320117" }\n'
    assert len(numbers(cameras(options).pages(None, NOW))) == 560
    assert served[0].logins == 0
    assert [asked.endswith("civilCode=320117") for asked in served[0].asked] == [False, True, True]


def test_a_wrong_password_is_refused_with_the_platforms_words(cameras, monkeypatch):
    asking = cameras()
    monkeypatch.setenv("WVP_PASSWORD", "another")
    with pytest.raises(Refused, match=r"not log in .100: 用户名或密码错误"):
        list(asking.pages(None, NOW))


def test_a_camera_added_while_pages_are_read_hides_none(cameras, served):
    added = []

    def add(page: int) -> None:
        if page == 1 and len(served[0].asked) == 2 and not added:
            added.append(1)
            served[0].channels.insert(0, channel(9001))

    served[0].on_page = add
    found = numbers(cameras().pages(None, NOW))
    assert len(found) == len(set(found)) == 561


def test_a_list_that_stays_short_is_not_taken_in_part(cameras, served):
    served[0].channels[5] = served[0].channels[400]
    with pytest.raises(Retryable, match="channel list is not whole: 559 of 560 came, 1 twice"):
        list(cameras().pages(None, NOW))


def test_an_empty_platform_is_an_empty_list(cameras, served):
    served[0].channels, served[0].devices = [], []
    assert [answer.records for answer in cameras().pages(None, NOW)] == [0, 0]


def test_a_picture_comes_whole(cameras, served):
    made = cameras().snapshot(DEVICE, served[0].channels[3]["gbDeviceId"])
    assert made == served[0].picture
    assert jpeg.size(made) == (640, 360)


def test_a_camera_that_gives_no_picture_may_give_one_later(cameras, served):
    served[0].gives_picture = False
    with pytest.raises(Retryable, match=r"gives no picture .408: 点播超时"):
        cameras().snapshot(DEVICE, served[0].channels[3]["gbDeviceId"])


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (picture()[:-40], Retryable, "no whole JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, Retryable, "no whole JPEG"),
        (b"", Retryable, "no whole JPEG"),
        (picture(9000, 8), Refused, "9000 × 8"),
        (b"\xff\xd8\xff" + b"0" * (5 << 20), Refused, "larger than 4 MiB"),
    ],
)
def test_what_is_no_picture_is_refused(cameras, served, content, kind, said):
    served[0].picture = content
    with pytest.raises(kind, match=said):
        cameras().snapshot(DEVICE, served[0].channels[3]["gbDeviceId"])


@pytest.mark.parametrize("number", ["", "../../etc", "1" * 19, "３" * 20])
def test_what_is_no_camera_number_never_gets_into_an_address(cameras, number):
    with pytest.raises(Refused, match="no GB28181 number"):
        cameras().snapshot(DEVICE, number)


def test_a_picture_of_now_is_kept_as_a_file_named_by_its_content(platform, served, tmp_path):
    number = served[0].channels[3]["gbDeviceId"]
    with clock.frozen(NOW):
        place = snapshot.keep(platform(), DEVICE, number, tmp_path)
        assert snapshot.keep(platform(), DEVICE, number, tmp_path) == place
    assert (tmp_path / place).read_bytes() == served[0].picture
    digest = hashlib.sha256(served[0].picture).hexdigest()
    assert place.name == f"{number}-{digest[:16]}.jpg"
    assert place.parent.name == f"{NOW:%Y-%m-%d}" and place.parts[0] == "raw"
    assert [file.suffix for file in (tmp_path / place).parent.iterdir()] == [".jpg"]


def test_a_platform_without_cameras_gives_no_picture(platform, tmp_path):
    with pytest.raises(Refused, match="not by wvp"):
        snapshot.keep(replace(platform(), transport="rest"), DEVICE, DEVICE, tmp_path)


def test_a_picture_is_had_by_platform_too(platform, served):
    number = served[0].channels[3]["gbDeviceId"]
    assert wvp.snapshot(platform(), DEVICE, number) == served[0].picture


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\xff\xff\xff\xd9",
        b"\xff\xd8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xd9",
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x00\x00\x00\xff\xd9",
    ],
)
def test_broken_pictures_have_no_size(data):
    assert jpeg.size(data) is None


@pytest.mark.parametrize(
    ("options", "url", "named"),
    [
        (LOGIN, "ftp://x", "wvp.url = 'ftp://x'"),
        (LOGIN + "count = 3", "", "wvp.count = 3"),
        ('token_env = "A"', "", "wvp.user = None"),
        ('user = "a"', "", "wvp.token_env = None"),
        (LOGIN + 'auth = "basic"', "", "wvp.auth = 'basic'"),
        (LOGIN + "size = 0", "", "wvp.size = 0"),
        (LOGIN + "params = 3", "", "wvp.params = 3"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(platform, options, url, named):
    with pytest.raises(ConfigError) as wrong:
        wvp.check(platform(options, url))
    assert named in str(wrong.value)
