"""What is older than the stations can send again: one hourly CSV as the water bureau dumps it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from config.thresholds import Station
from demo import water
from demo.town import Town

HEADER = "STCD,TM,Z,DRP,INTV"


def drop(
    town: Town, stations: tuple[Station, ...], var: Path, first: datetime, until: datetime
) -> Path:
    """Write the hours after `first` up to `until` into the folder for gauges."""
    inbox = var / "inbox" / "gauge"
    inbox.mkdir(parents=True, exist_ok=True)
    path = inbox / f"水位雨量{first:%Y%m%d}-{until:%Y%m%d}.csv"
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="gb18030", newline="") as file:
        file.write(HEADER + "\r\n")
        for station in stations:
            file.writelines(_lines(town, station, first, until))
    part.replace(path)
    return path


def _lines(town: Town, station: Station, first: datetime, until: datetime) -> list[str]:
    """One station's hours; time is the end of the hour, rain is what fell within it."""
    ends = np.arange(
        np.datetime64(first, "m") + np.timedelta64(60, "m"),
        np.datetime64(until, "m") + np.timedelta64(1, "m"),
        np.timedelta64(60, "m"),
    )
    at = ends.astype(np.int64)
    levels = water.levels(town, station, at).tolist()
    rains = water.rain(town, station, at, 60).tolist()
    stamps = np.datetime_as_string(ends, unit="s").tolist()
    return [
        f"{station.code},{stamp.replace('T', ' ')},{level:.3f},{rain:.1f},1.00\r\n"
        for stamp, level, rain in zip(stamps, levels, rains, strict=True)
    ]
