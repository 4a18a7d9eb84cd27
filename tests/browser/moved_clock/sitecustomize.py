"""Found by a server of a test before anything else: its time is what a file says later than ours.

Only the wall clock moves, as it does when somebody sets it; waiting goes by the steady one.
"""

import os
import time
from pathlib import Path

_REAL = time.time
_FILE = Path(os.environ["HONGLAN_TEST_LATER"])


def _moved() -> float:
    try:
        return _REAL() + float(_FILE.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _REAL()


time.time = _moved
