"""A camera's picture of now, kept: whoever handles an alarm asks for one and is given its file.

It lies as a file named by its content under the raw folder of its platform, where pictures that
stations send lie too, and goes by the same rule. No picture enters the warehouse.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cases.faults import Fault
from config import clock
from config.platforms import Platform
from etl import durable
from etl.errors import Refused
from etl.transports import wvp


def keep(platform: Platform, device: str, channel: str, var: Path) -> Path:
    """Ask the camera and keep its picture; where that lies. EtlError when there is none."""
    if platform.transport != "wvp":
        raise Refused(
            platform.key,
            f"is asked by {platform.transport}, not by wvp; it has no cameras",
            fault=Fault.COMMAND,
        )
    picture = wvp.snapshot(platform, device, channel)
    digest = hashlib.sha256(picture).hexdigest()[:16]
    at = clock.local()
    place = Path("raw", platform.key, "pictures", f"{at:%Y-%m-%d}", f"{channel}-{digest}.jpg")
    durable.write(var / place, picture)
    return place
