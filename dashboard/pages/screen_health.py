"""How the screens of the wall are, in words: for those who keep them and for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from cases import devices
from cases.devices import Device
from cases.schema import local
from cases.store import Store, real_now
from dashboard import wording
from dashboard.pages.marks import columns
from layouts.wall import VISITORS, load_scene, scene_names

SILENT: Final = timedelta(minutes=3)  # three reports that did not come


def table(store: Store) -> Any:
    """The screens in use: how each is, what it shows, for how long; None where there are none."""
    now = real_now()
    rows = [
        [device.name, standing_of(device, now), scene_words(device), health_words(device)]
        for device in devices.every(store)
        if device.revoked_at is None
    ]
    return columns(rows, heads=["大屏", "状态", "场景", "运行"]) if rows else None


def scene_words(device: Device) -> str:
    """The scene that a screen said it shows."""
    told = str(device.health.get("scene", ""))
    name = told.removesuffix(VISITORS)
    if name not in scene_names():
        return wording.NONE
    return load_scene(name).title + ("（参观）" if told != name else "")


def standing_of(device: Device, now: datetime) -> str:
    """How a screen is, in a word or two."""
    if device.revoked_at is not None:
        return f"{local(device.revoked_at):%m-%d} 停用"
    heard = last_heard(device)
    if heard is None:
        return "尚未上线"
    if now - heard > SILENT:
        return f"离线 {wording.age(now - heard)}"
    if device.copied_at is not None and now - device.copied_at < timedelta(days=7):
        return "在线，旧密钥曾在别处使用"
    return "在线"


def last_heard(device: Device) -> datetime | None:
    """When a screen last asked for anything or told how it is."""
    return max((at for at in (device.seen_at, device.health_at) if at is not None), default=None)


def health_words(device: Device) -> str:
    """What a screen told of itself last."""
    told = device.health
    parts = []
    if isinstance(told.get("up"), int):
        parts.append(f"已运行 {wording.age(float(told['up']))}")
    if isinstance(told.get("heap"), int):
        parts.append(f"{told['heap']} MB")
    if told.get("errors"):
        parts.append(f"脚本错误 {told['errors']}")
    return "，".join(parts) or wording.NONE
