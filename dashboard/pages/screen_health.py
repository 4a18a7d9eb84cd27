"""How the screens of the wall are, in words: for those who keep them and for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from cases import devices
from cases.devices import Device, Window
from cases.schema import local
from cases.store import Store, real_now
from dashboard import wording
from dashboard.pages.marks import columns
from layouts.wall import VISITORS, load_scene, scene_names

SILENT: Final = timedelta(minutes=3)  # three reports that did not come
STILL_S: Final = 30  # without a beat of the server, from which a picture is no live one
NO_PICTURE: Final = -1  # what a window tells that has drawn none


def table(store: Store) -> Any:
    """The windows of the screens in use: how each is, what it shows, for how long; None for none.

    A player that drives four outputs has four windows, and one may be lost while three go on.
    """
    now = real_now()
    rows = [
        row
        for device in devices.every(store)
        if device.revoked_at is None
        for row in _rows(device, now)
    ]
    return columns(rows, heads=["大屏", "状态", "场景", "运行"]) if rows else None


def _rows(device: Device, now: datetime) -> list[list[str]]:
    if not device.windows:
        return [[device.name, standing_of(device, now), wording.NONE, wording.NONE]]
    return [
        [
            f"{device.name} {output_words(output)}".strip(),
            standing_of(device, now, one),
            scene_words(one),
            health_words(one),
        ]
        for output, one in sorted(device.windows.items())
    ]


def output_words(output: int) -> str:
    """Which output; nothing for a window that shows the whole."""
    return f"第 {output} 路" if output else ""


def scene_words(window: Window) -> str:
    """The scene that a window said it shows."""
    told = str(window.said.get("scene", ""))
    name = told.removesuffix(VISITORS)
    if name not in scene_names():
        return wording.NONE
    return load_scene(name).title + ("（参观）" if told != name else "")


def standing_of(device: Device, now: datetime, window: Window | None = None) -> str:
    """How a screen is in a word or two, or how one window of it is."""
    if device.revoked_at is not None:
        return f"{local(device.revoked_at):%m-%d} 停用"
    heard = last_heard(device) if window is None else window.at
    if heard is None:
        return "尚未上线"
    if now - heard > SILENT:
        return f"离线 {wording.age(now - heard)}"
    picture = "" if window is None else _picture(window)
    if picture:
        return picture
    if device.copied_at is not None and now - device.copied_at < timedelta(days=7):
        return "在线，旧密钥曾在别处使用"
    return "在线"


def standings(device: Device, now: datetime) -> list[str]:
    """How a screen is, a line for each of its windows."""
    if device.revoked_at is not None or not device.windows:
        return [standing_of(device, now)]
    return [
        f"{output_words(output)} {standing_of(device, now, one)}".strip()
        for output, one in sorted(device.windows.items())
    ]


def _picture(window: Window) -> str:
    """What is wrong with a window's picture; nothing where it is alive."""
    drawn = window.said.get("drawn")
    if not isinstance(drawn, int):
        return ""
    if drawn == NO_PICTURE:
        return "没有画面"
    return f"画面停更 {wording.age(float(drawn))}" if drawn > STILL_S else ""


def last_heard(device: Device) -> datetime | None:
    """When a screen last asked for anything or told how it is."""
    return max((at for at in (device.seen_at, device.health_at) if at is not None), default=None)


def health_words(window: Window) -> str:
    """What a window told of itself last."""
    told = window.said
    parts = []
    if isinstance(told.get("up"), int):
        parts.append(f"已运行 {wording.age(float(told['up']))}")
    if isinstance(told.get("heap"), int):
        parts.append(f"{told['heap']} MB")
    if told.get("errors"):
        parts.append(f"脚本错误 {told['errors']}")
    return "，".join(parts) or wording.NONE
