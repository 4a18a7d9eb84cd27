"""One delivery of a platform to look at, fetched as the ETL would; nothing is kept or moved."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from cases.faults import Fault
from config import clock
from config.platforms import Platform
from etl.errors import Refused
from etl.landing import Archive
from etl.manifest import NOISE
from etl.transports import files
from etl.transports.answer import transport


class Sample(NamedTuple):
    """What came, from where, and its extension."""

    origin: str
    ext: str
    payload: bytes


def take(platform: Platform, var: Path, file: Path | None = None) -> Sample:
    """From a file, else the first page of an answer, a file in the inbox, the newest raw delivery.

    EtlError when the platform does not answer or nothing has come yet.
    """
    if file is not None:
        return _file(file)
    module = transport(platform.transport)
    module.check(platform)
    if hasattr(module, "poll"):
        with closing(module.poll(platform)) as poll, closing(poll.pages(None, clock.local())) as it:
            for answer in it:
                return Sample(f"{platform.transport}, first page", poll.ext, answer.payload)
    return _dropped(platform, var) or _landed(platform, var)


def _file(file: Path) -> Sample:
    return Sample(file.name, file.suffix.lstrip(".").lower() or "file", files.local(file))


def _dropped(platform: Platform, var: Path) -> Sample | None:
    for inbox in files.inbox(platform, var):
        with closing(inbox):
            for dropped in inbox.finished():
                ext = dropped.name.rpartition(".")[2].lower()
                return Sample(f"{dropped.name} in the inbox", ext, dropped.payload)
    return None


def _landed(platform: Platform, var: Path) -> Sample:
    archive, newest = Archive(var), None
    for line in archive.lines(platform.key):
        if line.mapping is None and line.source == platform.source:
            newest = line if not line.path.endswith(f".{NOISE}.gz") else newest
    if newest is None:
        raise Refused(
            platform.key, "nothing has come yet; name a file with --file", fault=Fault.COMMAND
        )
    ext = newest.path.split(".")[-2]
    return Sample(f"raw/{platform.key}/{newest.path}", ext, archive.content(platform.key, newest))
