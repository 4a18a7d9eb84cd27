"""Pictures that come beside a table: kept once by content, found by the name that a row gives.

They lie under the raw folder of their platform as `pictures/<2 hex>/<digest>.jpg`, as the camera
pictures do, with what they carry inside (place, device), and go by the rule of raw. The index
beside them says which name is which picture, or why a picture that came was not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from cases.faults import Fault
from etl import durable, photo
from etl.errors import Retryable

INDEX: Final = "pictures/index.jsonl"
MISSING: Final = "没有送来图片"
AMBIGUOUS: Final = "同名图片不止一张"
GONE: Final = "图片已到保存期限"
_WRITING = threading.Lock()  # the platform's lane adds, the nightly turn takes away
_log = structlog.get_logger("etl.album")


class Shot(NamedTuple):
    """One name: the picture it stands for under the raw folder, or why there is none."""

    name: str
    file: str
    sha256: str
    reason: str
    received: str


class Album:
    """The pictures of one platform."""

    def __init__(self, var: Path, key: str) -> None:
        self._key = key
        self._home = var / "raw" / key
        self._index = self._home / INDEX

    def keep(self, pictures: Iterable[tuple[str, bytes]], at: datetime) -> list[Shot]:
        """Keep what is a picture, note why the rest is not; one line for each, all on disk."""
        told: list[Shot] = []
        with _WRITING:
            known = self._shots()
            try:
                for name, data in pictures:
                    told.append(self._one(name, data, at))
                    _add(known, told[-1])
                if told:
                    self._write(known)
            except OSError as error:
                if not durable.is_full(error):
                    raise
                raise Retryable(
                    self._key, "the disk is full; loading goes on with room", fault=Fault.DISK_FULL
                ) from None
        return told

    def find(self, names: Iterable[str]) -> list[Shot]:
        """What each name that a row gives stands for; a name without a picture has a reason."""
        by_base: dict[str, list[Shot]] = {}
        for shot in self._shots().values():
            by_base.setdefault(_parts(shot.name)[-1], []).append(shot)
        return [self._found(name, by_base) for name in names]

    def forget(self, before: datetime) -> None:
        """Lines whose picture has gone by its age, or that only said why an old one was broken."""
        with _WRITING:
            known = self._shots()
            young = {
                name: shot
                for name, shot in known.items()
                if shot.received >= before.isoformat() or (self._home / shot.file).is_file()
            }
            if len(young) < len(known):
                self._write(young)

    def _one(self, name: str, data: bytes, at: datetime) -> Shot:
        received = at.isoformat(timespec="seconds")
        ext, reason = photo.judge(data)
        if reason:
            _log.warning("picture_refused", platform=self._key, file=name, reason=reason)
            return Shot(name, "", "", reason, received)
        digest = hashlib.sha256(data).hexdigest()
        file = f"pictures/{digest[:2]}/{digest[:16]}.{ext}"
        if (self._home / file).is_file():
            os.utime(self._home / file)  # sent again: it is as young as what names it
        else:
            durable.write(self._home / file, data)
        return Shot(name, file, digest, "", received)

    def _found(self, name: str, by_base: dict[str, list[Shot]]) -> Shot:
        """The same path, else one of the same name of which one path ends like the other."""
        wanted = _parts(name)
        near = [s for s in by_base.get(wanted[-1], []) if _is_alike(wanted, _parts(s.name))]
        near = [s for s in near if _parts(s.name) == wanted] or near
        whole = [s for s in near if s.file]
        none = Shot(name, "", "", MISSING, "")
        if len({s.sha256 for s in whole}) > 1:
            return none._replace(reason=AMBIGUOUS)
        if not whole:
            return near[-1]._replace(name=name) if near else none
        found = whole[-1]._replace(name=name)
        is_here = (self._home / found.file).is_file()
        return found if is_here else none._replace(reason=GONE)

    def _shots(self) -> dict[str, Shot]:
        if not self._index.is_file():
            return {}
        lines = self._index.read_text(encoding="utf-8").splitlines()
        return {shot.name: shot for shot in (Shot(**json.loads(line)) for line in lines)}

    def _write(self, shots: dict[str, Shot]) -> None:
        lines = (json.dumps(shot._asdict(), ensure_ascii=False) for shot in shots.values())
        durable.write(self._index, "".join(f"{line}\n" for line in lines).encode())


def _add(known: dict[str, Shot], shot: Shot) -> None:
    """The newest says what a name is; a broken one does not take a whole one's place."""
    before = known.get(shot.name)
    if shot.file or before is None or not before.file:
        known[shot.name] = shot


def _parts(name: str) -> tuple[str, ...]:
    """A path as it is compared: Windows writes it the other way round and minds no capitals."""
    pieces = name.strip().replace("\\", "/").casefold().split("/")
    return tuple(piece for piece in pieces if piece not in ("", ".")) or ("",)


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short = min(len(one), len(other))
    return one[-short:] == other[-short:]
