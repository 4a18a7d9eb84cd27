"""The refused rows of one batch: counted by reason, and in one private file as they come."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from config import failpoint
from warehouse.assemble.loading import DRIFT
from warehouse.batch import Batch

REJECTED = "!"  # the fact of what parse could not read


class Refusals:
    """What is not loaded of a batch; on disk before the commit, and gone when it is taken back."""

    def __init__(self, folder: Path, batch: Batch) -> None:
        self._file = folder / batch.key / f"{batch.batch_id}.jsonl"
        self._about = {"source": batch.source, "raw_path": batch.raw_path}
        self._out: TextIO | None = None
        self.counts: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return self.counts.total()

    @property
    def unread(self) -> int:
        """How many could not be read at all, as against those that contradict themselves."""
        return sum(
            n
            for (fact, reason), n in self.counts.items()
            if fact == REJECTED or reason.startswith(DRIFT)
        )

    @property
    def reasons(self) -> dict[str, int]:
        """How many there are by their reasons."""
        found: Counter[str] = Counter()
        for (_, reason), n in self.counts.items():
            found[reason] += n
        return dict(found)

    def add(self, fact: str, row: int, reason: str, payload: Any, **more: str | None) -> None:
        """One more row, as it came."""
        self.counts[fact, reason] += 1
        line = self._about | {"table": fact, "row": row, "reason": reason} | more
        text = json.dumps(line | {"payload": payload}, ensure_ascii=False, default=str)
        self._open().write(text + "\n")

    def keep(self) -> None:
        """Bring the file to disk under its name."""
        if self._out is None:
            return
        with self._out as out:
            out.flush()
            os.fsync(out.fileno())
        failpoint.reach("quarantine.written")
        self._part.replace(self._file)
        failpoint.reach("quarantine.renamed")
        self._out = None

    def drop(self) -> None:
        """Nothing of this counts."""
        self.counts.clear()
        if self._out is not None:
            self._out.close()
            self._out = None
            self._part.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        return self._file.with_suffix(".part")

    def _open(self) -> TextIO:
        if self._out is None:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._out = os.fdopen(handle, "w", encoding="utf-8")
        return self._out
