"""视频共享交换平台: the district's shared cameras of police, water and traffic, by WVP."""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats import cameras
from etl.formats.cell import Yielded

TABLES = {"district_camera": cameras.CAMERA, "district_recorder": cameras.RECORDER}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield cameras and recorders with their state and since when it holds."""
    yield from cameras.read("camera_district", payload, "district_camera", "district_recorder")
