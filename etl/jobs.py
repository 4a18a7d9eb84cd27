"""Commands for an ETL that is already running: a job is a file, so is its answer.

Only one process may write. A command that finds the lock taken leaves its words here; the running
ETL does them in order and answers with an exit code and what to print.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from config import failpoint

_LOOK_S: Final = 0.2
_STALE_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command: its exit code, what goes to stdout and what to stderr."""

    code: int
    out: str = ""
    err: str = ""


Do = Callable[[list[str]], Answer]


def folder(var: Path) -> Path:
    """Where jobs lie."""
    return var / "jobs"


def leave(var: Path, words: list[str]) -> Path:
    """Leave a command; the path of the job."""
    home = folder(var)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    job = home / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.json"
    _write(job, {"words": words})
    return job


def wait(job: Path, is_free: Callable[[], bool]) -> Answer | None:
    """The answer to a job; None when nobody is there any more to do it and it was taken back."""
    answer = job.with_suffix(".answer")
    while True:
        if answer.exists():
            found = Answer(**json.loads(answer.read_text(encoding="utf-8")))
            answer.unlink()
            return found
        if is_free():
            with contextlib.suppress(FileNotFoundError):
                job.unlink()
                return None
            with contextlib.suppress(FileNotFoundError):
                job.with_suffix(".taken").unlink()
                return None
        time.sleep(_LOOK_S)


def work(var: Path, do: Do) -> int:
    """Do what lies there, oldest first, and answer; how many it was."""
    done = 0
    for job in sorted(folder(var).glob("*.json")):
        taken = job.with_suffix(".taken")
        try:
            job.replace(taken)
            failpoint.reach("job.taken")
            words = json.loads(taken.read_text(encoding="utf-8"))["words"]
        except (OSError, ValueError, KeyError):
            taken.unlink(missing_ok=True)
            continue
        _write(job.with_suffix(".answer"), asdict(do(words)))
        failpoint.reach("job.answered")
        taken.unlink(missing_ok=True)
        done += 1
    return done


def clear(var: Path) -> None:
    """At a start: jobs that were under way when we died are done again, old answers go."""
    for taken in folder(var).glob("*.taken"):
        taken.replace(taken.with_suffix(".json"))
    for answer in _old(folder(var), "*.answer"):
        answer.unlink(missing_ok=True)


def _old(home: Path, pattern: str) -> Iterator[Path]:
    for path in home.glob(pattern):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                yield path


def _write(path: Path, content: dict[str, object]) -> None:
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
