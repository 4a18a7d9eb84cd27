"""雪亮工程视频: the street's cameras at the mouths of villages and main crossings, by WVP."""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats import cameras
from etl.formats.cell import Yielded

TABLES = {"street_camera": cameras.CAMERA, "street_recorder": cameras.RECORDER}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield cameras and recorders with their state and since when it holds."""
    yield from cameras.read("camera_street", payload, "street_camera", "street_recorder")
