"""Reads a broker until it is killed: PORT FOLDER [hang]; hang stops it before its first sync."""

from __future__ import annotations

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

from config.platforms import Platform
from etl.transports import mqtt, segment
from etl.transports.segment import close_left_open


def main(port: int, folder: Path, how: str) -> None:
    if how == "hang":

        def hang(_: int) -> None:
            print("received", flush=True)
            threading.Event().wait()

        os.fsync = hang
    segment.MAX_AGE_S = 0.2
    options = {"host": "127.0.0.1", "port": port, "topics": ["iot/#"]}
    options |= {"user": "reader", "password_env": "BROKER_PASSWORD"}
    platform = Platform(
        "iot_device", "物联", "物联", "城管", "", "mqtt", timedelta(minutes=1),
        timedelta(minutes=4), False, True, options,
    )  # fmt: skip
    close_left_open(folder, mqtt.whole)
    reading = mqtt.stream(platform, folder, lambda: None)
    reading.start()
    print("started", flush=True)
    sys.stdin.readline()
    reading.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
