"""What has been taken from a folder where nothing may be moved, so that nothing is read twice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Mark(NamedTuple):
    """A file as it lay there: when its size or time changes, it is another delivery."""

    path: str
    size: int
    touched: float


class Taken:
    """The marks of one folder, on disk after each change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._marks = _read(file)

    def __contains__(self, mark: Mark) -> bool:
        return mark in self._marks

    def add(self, mark: Mark) -> None:
        """Remember a file; OSError when that cannot be written."""
        self._marks.add(mark)
        self._write()

    def keep(self, there: Iterable[Mark]) -> None:
        """Forget what no longer lies there."""
        gone = self._marks - set(there)
        if gone:
            self._marks -= gone
            self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._file.with_name(self._file.name + ".part")
        part.write_text(json.dumps(sorted(self._marks), ensure_ascii=False), encoding="utf-8")
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(self._file)


def _read(file: Path) -> set[Mark]:
    """The marks on disk; none when the file is not there or damaged: content is compared too."""
    try:
        return {Mark(str(p), int(s), float(t)) for p, s, t in json.loads(file.read_text("utf-8"))}
    except (OSError, ValueError, TypeError):
        return set()
