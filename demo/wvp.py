"""The HTTP interface of a GB28181 platform (WVP) with a set of the town's cameras behind it."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo import eyes
from demo.listing import number
from demo.stage import Stage

Record = dict[str, Any]
MOST = 2000
HISTORY_DAYS = 60
KEPT = 200  # tokens
HEADER = (
    "国标编码", "名称", "归属单位", "厂商", "型号", "行政区划", "社区编码", "安装地址", "所属设备",
    "摄像机类型", "经度", "纬度", "在线状态", "状态时间",
)  # fmt: skip
SIZE = (640, 360)


def routes(stage: Stage, group: str) -> list[Route]:
    """Login, lists and pictures of a set of cameras."""
    door = _Door(stage)
    base = f"/{stage.platform.key}"
    return [
        Route(f"{base}/api/user/login", door.login),
        Route(f"{base}/api/device/query/devices", _listed(door, stage, group, devices)),
        Route(f"{base}/api/common/channel/list", _listed(door, stage, group, channels)),
        *_pictures(door, stage, group),
    ]


def _listed(
    door: _Door, stage: Stage, group: str, make: Callable[[Stage, str, datetime], list[Record]]
) -> Callable[[Request], Any]:
    """One list, page by page."""

    async def answer(request: Request) -> Response:
        if not door.allows(request):
            return _said(401, "请登录后重新请求", None, status=401)
        try:
            page = number(request, "page", 1, 100_000)
            count = number(request, "count", 10, MOST)
        except ValueError as error:
            return _said(400, str(error), None)
        now = clock.local().replace(microsecond=0)
        rows = stage.dirt(now).rows(await run_in_threadpool(make, stage, group, now))
        part = rows[(page - 1) * count : page * count]
        return _said(0, "成功", {"total": len(rows), "list": part, "pageNum": page})

    return answer


def _pictures(door: _Door, stage: Stage, group: str) -> list[Route]:
    """A picture is taken first and then fetched, as WVP has it."""

    async def snap(request: Request) -> Response:
        if not door.allows(request):
            return _said(401, "请登录后重新请求", None, status=401)
        asked = request.query_params
        camera = _camera(group, asked.get("channelId", ""))
        if camera is None:
            return _said(404, "通道不存在", None)
        if not eyes.state(stage.town, camera, clock.local())[0]:
            return _said(1, "点播超时", None)
        mark = f"{clock.local():%Y%m%d%H%M%S}"
        return _said(0, "成功", f"snap/{asked.get('deviceId')}_{camera.number}_{mark}.jpg")

    async def file(request: Request) -> Response:
        camera = _camera(group, request.path_params["channel"])
        if camera is None or not door.allows(request):
            return Response(status_code=204)
        data = await run_in_threadpool(picture, camera, clock.local())
        return Response(data, media_type="image/png")  # as WVP says of its JPEG files

    base = f"/{stage.platform.key}/api"
    return [
        Route(f"{base}/play/snap", snap),
        Route(f"{base}/device/query/snap/{{device}}/{{channel}}", file),
    ]


class _Door:
    """Who may ask: by a key that was given out, or by a token after a login."""

    def __init__(self, stage: Stage) -> None:
        options = stage.platform.options
        self._word = stage.secret(options["token_env"])
        self._user = options.get("user")
        self._given: list[str] = []

    async def login(self, request: Request) -> Response:
        """A token for name and MD5 of the password."""
        asked = request.query_params
        wanted = hashlib.md5(self._word.encode(), usedforsecurity=False).hexdigest()
        is_word = hmac.compare_digest(asked.get("password", "").encode(), wanted.encode())
        if asked.get("username") != self._user or not is_word:
            return _said(100, "用户名或密码错误", None)
        token = secrets.token_urlsafe(24)
        self._given = [*self._given[-KEPT:], token]
        return _said(0, "成功", {"username": self._user, "accessToken": token})

    def allows(self, request: Request) -> bool:
        """Whether a request shows the key or a token."""
        if self._user:
            return request.headers.get("access-token") in self._given
        return hmac.compare_digest(request.headers.get("api-key", "").encode(), self._word.encode())


def channels(stage: Stage, group: str, now: datetime) -> list[Record]:
    """The cameras as WVP lists them."""
    return [
        _channel(camera, *eyes.state(stage.town, camera, now)) for camera in eyes.cameras(group)
    ]


def _channel(camera: eyes.Camera, sees: bool, since: datetime) -> Record:
    return {
        "gbDeviceId": camera.number, "gbName": camera.name, "gbManufacturer": camera.maker[0],
        "gbModel": camera.maker[1], "gbOwner": camera.owner, "gbCivilCode": camera.number[:6],
        "gbBlock": camera.community, "gbAddress": camera.name, "gbParental": 0,
        "gbParentId": camera.parent, "gbSafetyWay": 0, "gbRegisterWay": 1, "gbSecrecy": 0,
        "gbIpAddress": "", "gbPort": 0, "gbPassword": "", "gbStatus": "ON" if sees else "OFF",
        "gbLongitude": camera.place[0], "gbLatitude": camera.place[1],
        "gbPtzType": int(camera.ptz), "dataType": 1, "updateTime": since.isoformat(sep=" "),
    }  # fmt: skip


def devices(stage: Stage, group: str, now: datetime) -> list[Record]:
    """The recorders as WVP lists them; they are up, with a keep-alive a minute."""
    recorders, count, _ = eyes.SETS[group]
    keep = now - timedelta(seconds=now.second)
    registered = datetime.combine(stage.town.anchor, datetime.min.time()) - timedelta(days=40)
    found = []
    for n in range(recorders):
        since = registered + timedelta(hours=7 * n, minutes=11 * n)
        found.append(
            {
                "deviceId": eyes.recorder(group, n), "name": f"录像机{n + 1:02d}",
                "manufacturer": eyes.MAKERS[n % 3][0], "model": "NVR", "transport": "UDP",
                "onLine": True, "registerTime": since.isoformat(sep=" "),
                "keepaliveTime": keep.isoformat(sep=" "), "heartBeatInterval": 60,
                "heartBeatCount": 3, "charset": "GB2312", "channelCount": count // recorders,
            }
        )  # fmt: skip
    return found


def history(stage: Stage, group: str, now: datetime) -> tuple[str, bytes]:
    """States that are over as one list, as the platform's operators export it."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADER)
    for camera, sees, at in eyes.past(stage.town, group, now, HISTORY_DAYS):
        lines.writerow(
            (
                camera.number, camera.name, camera.owner, *camera.maker, camera.number[:6],
                camera.community, camera.name, camera.parent, camera.ptz, *camera.place,
                "ON" if sees else "OFF", at.isoformat(sep=" "),
            )
        )  # fmt: skip
    return f"视频状态变更{now:%Y%m%d%H%M%S}.csv", text.getvalue().encode("utf-8-sig")


def picture(camera: eyes.Camera, now: datetime) -> bytes:
    """What a camera sees, drawn: water or a road, light by day, with its number and the time."""
    rng = random.Random(f"view {camera.number}")
    light = 0.25 if not 6 <= now.hour < 18 else 1.0
    view = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(view)
    is_water = camera.number[8:10] == "15"
    ground = (70, 110, 120) if is_water else (105, 105, 100)
    for y in range(SIZE[1]):
        tone = (165, 190, 210) if y < 140 else ground
        pen.line([(0, y), (SIZE[0], y)], tuple(int(part * light) for part in tone))
    for _ in range(7):
        x = rng.randrange(SIZE[0])
        high = rng.randrange(30, 90)
        shade = int(rng.randrange(70, 120) * light)
        pen.rectangle([x, 140 - high, x + rng.randrange(24, 70), 140], (shade, shade, shade + 6))
    if is_water:
        pen.rectangle([470, 90, 486, 330], (235, 235, 235))
        for mark in range(24):
            pen.line([(470, 95 + mark * 10), (480, 95 + mark * 10)], (180, 30, 30), 2)
    else:
        for y in range(160, SIZE[1], 40):
            pen.rectangle([314, y, 326, y + 22], (200, 200, 190))
    pen.text((10, 10), f"{now:%Y-%m-%d %H:%M:%S}", (255, 255, 255))
    pen.text((10, SIZE[1] - 22), camera.number, (255, 255, 255))
    out = io.BytesIO()
    view.save(out, "JPEG", quality=75)
    return out.getvalue()


def _camera(group: str, number_: str) -> eyes.Camera | None:
    return next((each for each in eyes.cameras(group) if each.number == number_), None)


def _said(code: int, text: str, data: Any, status: int = 200) -> JSONResponse:
    return JSONResponse({"code": code, "msg": text, "data": data}, status_code=status)
