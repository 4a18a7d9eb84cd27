"""Which messages were taken: a nonce is remembered as long as its signature could be good.

They are written down too, so that nobody can send a message again after a restart. That is not
synced: a loss of power forgets the last ones, and loading what is known changes nothing.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Final

from config.signature import WINDOW_S

_LIFE_S: Final = 2 * WINDOW_S  # a signature may be dated ahead by the window
_FILE, _BEFORE = "nonces", "nonces.before"


class Nonces:
    """The nonces of one platform, in two files: those of this span and those of the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._under_way: set[str] = set()
        self._since = time.time()
        self._now: set[str] = set()
        self._before: set[str] = set()
        for name in (_BEFORE, _FILE):
            self._recall(folder / name)

    def begin(self, nonce: str) -> bool:
        """Whether a message with this nonce may be taken; it is then under way."""
        if nonce in self._now or nonce in self._before or nonce in self._under_way:
            return False
        self._under_way.add(nonce)
        return True

    def taken(self, nonce: str) -> None:
        """The message is on disk."""
        if time.time() - self._since >= _LIFE_S:
            self._turn()
        self._under_way.discard(nonce)
        self._now.add(nonce)
        with contextlib.suppress(OSError), (self._folder / _FILE).open("a") as file:
            file.write(f"{int(time.time())} {nonce}\n")

    def failed(self, nonce: str) -> None:
        """The message was not kept, and may come again as it is."""
        self._under_way.discard(nonce)

    def _turn(self) -> None:
        self._since = time.time()
        self._before, self._now = self._now, set()
        with contextlib.suppress(OSError):
            (self._folder / _FILE).replace(self._folder / _BEFORE)

    def _recall(self, file: Path) -> None:
        try:
            lines = file.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return
        for at, _, nonce in (line.partition(" ") for line in lines):
            if at.isdecimal() and time.time() - int(at) < _LIFE_S:
                self._now.add(nonce)
