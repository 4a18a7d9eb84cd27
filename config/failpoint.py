"""Named points at which a test lets the process die, as a power cut would.

`HONGLAN_FAILPOINT=raw.synced` kills the process the first time it gets there, `raw.synced:3` the
third time. Unset, which is always but in a test, a point costs a comparison. It lies in this room
because steps worth dying between are in all of them. The tests find the points by reading the
syntax tree, so a new one is tested without a word more.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "HONGLAN_FAILPOINT"


class _Armed:
    """Which point is armed, and how often it has yet to be passed."""

    name: str = ""
    left: int = 0


def arm(text: str) -> None:
    """Let the process die at a point: its name, or its name and which time, as in `a.b:3`."""
    name, _, times = text.partition(":")
    _Armed.name, _Armed.left = name, int(times or 1)


def reach(name: str) -> None:
    """This point is passed; the end, at once and without any tidying, when it is armed."""
    if name != _Armed.name:
        return
    _Armed.left -= 1
    if _Armed.left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get(VARIABLE, ""))
