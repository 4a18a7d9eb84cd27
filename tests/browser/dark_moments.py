"""How long a page showed nothing, by the pixels that its browser painted.

Chromium sends a small picture of each painting; what stands between two of them is the first.
"""

from __future__ import annotations

import base64
import io
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

WIDE, HIGH = 384, 216  # pixels of a picture
ACROSS, DOWN = 12, 9  # its fields
LIT = 24  # grey values between the darkest and the brightest point of a field that shows something
LEAST = 20  # fields of 108 that do; one line of words on a dark page has fewer


@dataclass
class Watched:
    """The paintings of a page: when each was made and whether it showed a picture."""

    seen: list[tuple[float, bool]] = field(default_factory=list)

    def longest_dark_ms(self) -> float:
        """The longest time without a picture, until now."""
        longest, since = 0.0, None
        for at, has_picture in [*self.seen, (time.time(), True)]:
            if since is not None:
                longest = max(longest, at - since)
            since = None if has_picture else (since or at)
        return 1000 * longest


def has_picture(data: bytes) -> bool:
    """Whether enough fields of a painting show more than their ground."""
    grey = np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    high, wide = grey.shape[0] // DOWN, grey.shape[1] // ACROSS
    fields = grey[: high * DOWN, : wide * ACROSS].reshape(DOWN, high, ACROSS, wide)
    spread = fields.max(axis=(1, 3)).astype(int) - fields.min(axis=(1, 3))
    return int((spread > LIT).sum()) >= LEAST


def watch(page: Page) -> Watched:
    """Follow a page from now on, as long as the test lets Playwright work."""
    probe, found = page.context.new_cdp_session(page), Watched()

    def painted(told: dict[str, Any]) -> None:
        at = float(told["metadata"]["timestamp"])
        found.seen.append((at, has_picture(base64.b64decode(told["data"]))))
        probe.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})

    probe.on("Page.screencastFrame", painted)
    size = {"maxWidth": WIDE, "maxHeight": HIGH}
    probe.send("Page.startScreencast", {"format": "jpeg", "quality": 60, **size})
    return found
