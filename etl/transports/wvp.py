"""Cameras of a GB28181 platform by the HTTP API of WVP (648540858/wvp-GB28181-pro).

A poll brings the whole catalogue: first the devices, then the channels of all of them, each page as
it was sent. A page of channels is equal to that of the poll before while no camera changed; one of
devices never is, since it carries the times of the last keep-alives. The platform says 离线 three
keep-alives late by itself, nothing is added to that here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from cases.faults import Fault
from config.environment import secret
from config.platforms import Platform
from etl.errors import BadRecord, Refused, Retryable, Unaccepted
from etl.formats import jpeg
from etl.formats.cell import dig, text
from etl.transports.answer import Answer, wrong
from etl.transports.bounded import Ask
from etl.transports.caller import Caller, read
from etl.transports.rest_auth import Auth, Fetch, Fixed
from etl.transports.rest_options import timeout, trusted

MAX_PICTURE: Final = 4 << 20
MAX_SIDE: Final = 8192  # pixels; a picture of more could fill the memory of who unpacks it
MAX_PAGES: Final = 200
_LISTS: Final = (  # which list, what it is called, what makes an entry the same
    ("/api/device/query/devices", "device", "deviceId"),
    ("/api/common/channel/list", "channel", "gbDeviceId"),
)
_OPTIONAL: Final[Mapping[str, Any]] = {
    "auth": "login",
    "user": "",
    "size": 300,
    "params": {},
    "timeout": "30s",
    "ca": "",
}


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    given = platform.options
    allowed = {"url", "token_env", *_OPTIONAL}
    for name in sorted(set(given) - allowed):
        raise wrong(platform, name, given[name], ", ".join(sorted(allowed)))
    options = {**_OPTIONAL, **given}
    parts = urlsplit(str(given.get("url", "")))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise wrong(
            platform, "url", given.get("url"), 'an address such as "http://10.0.8.40:18080"'
        )
    if options["auth"] not in ("login", "api-key"):
        raise wrong(platform, "auth", options["auth"], "login | api-key")
    if not given.get("token_env"):
        said = "the name of the variable that holds the password or the api-key"
        raise wrong(platform, "token_env", given.get("token_env"), said)
    if options["auth"] == "login" and not options["user"]:
        raise wrong(platform, "user", given.get("user"), "the user's name, since auth is login")
    if not isinstance(options["size"], int) or not 1 <= options["size"] <= 2000:
        raise wrong(platform, "size", options["size"], "1 to 2000")
    if not isinstance(options["params"], dict):
        raise wrong(platform, "params", options["params"], '{ civilCode = "320117" }')
    timeout(platform, options["timeout"])
    trusted(platform, options["ca"], (str(given["url"]),))


def poll(platform: Platform) -> Cameras:
    """The platform, ready to be asked."""
    check(platform)
    return Cameras(platform)


class Cameras:
    """One GB28181 platform on the line."""

    ext = "json"

    def __init__(self, platform: Platform) -> None:
        options = {**_OPTIONAL, **platform.options}
        self._key = platform.key
        self._base = str(options["url"]).rstrip("/")
        self._size = int(options["size"])
        self._params = tuple((name, str(value)) for name, value in options["params"].items())
        env = options["token_env"]
        auth: Auth = Fixed("api-key", env)
        if options["auth"] == "login":
            auth = _Login(self._key, self._base, options["user"], env)
        self._caller = Caller(
            self._key,
            auth,
            ca=trusted(platform, options["ca"], (self._base,)),
            deadline_s=timeout(platform, options["timeout"]).total_seconds(),
        )

    def close(self) -> None:
        """Give the connection back."""
        self._caller.close()

    def pages(self, cursor: str | None, now: datetime) -> Iterator[Answer]:
        """The whole catalogue, once it is known to be whole; nothing is kept of a part."""
        found: list[tuple[bytes, int]] = []
        for path, name, field in _LISTS:
            found += self._list(path, name, field)
        total = sum(count for _, count in found)
        for number, (payload, count) in enumerate(found):
            yield Answer(payload, None, count, None if number else total)

    def snapshot(self, device: str, channel: str) -> bytes:
        """A picture of now as JPEG; Retryable when the camera gives none."""
        for number in (device, channel):
            if len(number) != 20 or not (number.isascii() and number.isdecimal()):
                raise Refused(
                    self._key,
                    f"{number[:40]!r} is no GB28181 number of 20 digits",
                    fault=Fault.COMMAND,
                )
        ask = (("deviceId", device), ("channelId", channel))
        answer = read(self._key, self._caller.ask(Ask(f"{self._base}/api/play/snap", ask)).body)
        code = text(answer.get("code")) if isinstance(answer, dict) else None
        if code != "0":
            raise Retryable(
                self._key,
                f"camera {channel} gives no picture ({_said(answer)})",
                fault=Fault.CAMERA,
            )
        stem = PurePosixPath(text(answer.get("data")) or "").stem
        mark = stem.removeprefix(f"{device}_{channel}").lstrip("_")
        url = f"{self._base}/api/device/query/snap/{device}/{channel}"
        params = (("mark", mark),) if mark else ()
        picture = self._caller.ask(Ask(url, params), max_bytes=MAX_PICTURE).body
        sides = jpeg.size(picture)
        if sides is None:
            raise Retryable(
                self._key, f"camera {channel} gave no whole JPEG picture", fault=Fault.CAMERA
            )
        if max(sides) > MAX_SIDE:
            raise Refused(
                self._key,
                f"the picture of camera {channel} is {sides[0]} × {sides[1]}",
                fault=Fault.CAMERA,
            )
        return picture

    def _list(self, path: str, name: str, field: str) -> list[tuple[bytes, int]]:
        """All pages of a list; read once more when an entry slipped over a border meanwhile."""
        said = ""
        for _ in range(2):
            pages, numbers, total = self._pages(path, field)
            if len(set(numbers)) == len(numbers) == total:
                return pages
            twice = len(numbers) - len(set(numbers))
            said = f"{len(set(numbers))} of {total} came" + (f", {twice} twice" if twice else "")
        raise Retryable(self._key, f"the {name} list is not whole: {said}", fault=Fault.INCOMPLETE)

    def _pages(self, path: str, field: str) -> tuple[list[tuple[bytes, int]], list[str], int]:
        pages: list[tuple[bytes, int]] = []
        numbers: list[str] = []
        total = 0
        for page in range(1, MAX_PAGES + 1):
            params = (("page", str(page)), ("count", str(self._size)))
            if path.endswith("/channel/list"):
                params += self._params
            payload = self._caller.ask(Ask(self._base + path, params)).body
            entries, total = self._entries(payload)
            pages.append((payload, len(entries)))
            numbers += [text(each.get(field)) or "" for each in entries if isinstance(each, dict)]
            if not entries or len(numbers) >= total:
                break
        return pages, numbers, total

    def _entries(self, payload: bytes) -> tuple[list[Any], int]:
        answer = read(self._key, payload)
        code = text(answer.get("code")) if isinstance(answer, dict) else None
        if code != "0":
            raise Refused(self._key, f"the platform says {_said(answer)}", fault=Fault.SAYS_NO)
        try:
            entries = dig(self._key, answer, "data.list")
            total = text(dig(self._key, answer, "data.total")) or ""
        except BadRecord as error:
            raise Refused(self._key, error.what, fault=error.fault) from None
        if not isinstance(entries, list) or not total.isdecimal():
            raise Refused(
                self._key, "data of the answer is not a list with its total", fault=Fault.ANSWER
            )
        return entries, int(total)


class _Login:
    """A token by name and password, good until the platform says 401."""

    def __init__(self, key: str, base: str, user: str, token_env: str) -> None:
        self._key, self._base, self._user, self._token_env = key, base, user, token_env
        self._token = ""

    def sign(self, ask: Ask, fetch: Fetch) -> Ask:
        """With the token, after a login when there is none."""
        if not self._token:
            self._token = self._login(fetch)
        return ask.having({"access-token": self._token})

    def renew(self) -> bool:
        """Once: tokens end after half an hour."""
        had, self._token = bool(self._token), ""
        return had

    def _login(self, fetch: Fetch) -> str:
        # the API wants the MD5 of the password; what protects it on the way is TLS or the network
        word = hashlib.md5(secret(self._token_env).encode(), usedforsecurity=False).hexdigest()
        params = (("username", self._user), ("password", word))
        try:
            answer = read(self._key, fetch(Ask(f"{self._base}/api/user/login", params)).body)
        except Unaccepted:
            raise Refused(
                self._key,
                "the platform does not accept our name or password",
                fault=Fault.UNACCEPTED,
            ) from None
        data = answer.get("data") if isinstance(answer, dict) else None
        token = text(data.get("accessToken")) if isinstance(data, dict) else None
        if not token:
            raise Refused(
                self._key,
                f"the platform lets us not log in ({_said(answer)})",
                fault=Fault.UNACCEPTED,
            )
        return token


def _said(answer: Any) -> str:
    """Code and message of an envelope, for a person."""
    if not isinstance(answer, dict):
        return "no envelope"
    message = " ".join((text(answer.get("msg")) or "no message").split())
    return f"{text(answer.get('code'))}: {message}"[:200]


def snapshot(platform: Platform, device: str, channel: str) -> bytes:
    """A picture of now of one camera, as JPEG; EtlError when there is none."""
    cameras = poll(platform)
    try:
        return cameras.snapshot(device, channel)
    finally:
        cameras.close()
