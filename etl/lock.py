"""One ETL process per installation, held by flock: it ends with the process, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Lock:
    """HONGLAN_VAR/etl.lock; who holds it may write raw files and the warehouse."""

    def __init__(self, var: Path) -> None:
        self.path = var / "etl.lock"
        self._handle: int | None = None

    def take(self) -> bool:
        """True when this process holds it from now on, False when another one does."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle
        return True

    def give_back(self) -> None:
        """Let another process have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def holder(self) -> str:
        """The process that holds it, as it wrote itself down."""
        try:
            return self.path.read_text(encoding="ascii").strip() or "unknown"
        except OSError:
            return "unknown"
