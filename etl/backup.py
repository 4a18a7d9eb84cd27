"""A backup and the way back: raw archive and seals, generation, case store, config, keys, issues.

backup.json is written last and holds the digest of every file; without it a folder is no backup.
The rest of the warehouse is not in it, since it can be made from raw archive and seals.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import structlog

from cases.faults import Fault
from cases.store import Store
from config import clock
from config.environment import environment
from etl import album
from etl.durable import sync_folder
from etl.errors import BadRecord, Refused
from etl.landing import Archive
from etl.manifest import MANIFEST
from etl.packing import MOVING

INDEX: Final = "backup.json"
_SERVING, _CASES = "serving", "cases.sqlite3"
_STORE_FILES: Final = (_CASES, f"{_CASES}-wal", f"{_CASES}-shm")
_log = structlog.get_logger("etl.backup")


def backup(var: Path, store: Store, target: Path) -> dict[str, Any]:
    """Copy everything that cannot be made again; the answer is the index that was written."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(target.iterdir()):
        raise Refused(
            str(target), "is not empty; name a new folder for each backup", fault=Fault.COMMAND
        )
    files: dict[str, dict[str, Any]] = {}
    for source, name in _sources(var):
        files[name] = _copy(source, target / name)
    generation = _generation(var, target, files)
    if store.is_sqlite:
        _copy_store(Path(store.name), target / _CASES)
        files[_CASES] = _entry(target / _CASES)
    with MOVING:  # no day is packed, sealed or removed meanwhile
        for file in sorted((var / "seals").rglob("*")):
            if file.is_file() and file.parent.suffix != ".part":
                name = file.relative_to(var).as_posix()
                files[name] = _copy(file, target / name)
        for key in Archive(var).platforms():  # after the files: a line never lacks its file
            files |= _raw(var, target, key)
    index = {
        "made_at": clock.now().isoformat(),
        "generation": generation,
        "case_store": "in this folder" if store.is_sqlite else "PostgreSQL: back it up by pg_dump",
        "files": files,
    }
    part = target / f"{INDEX}.part"
    part.write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.rename(target / INDEX)
    sync_folder(target)
    return index


def check(source: Path) -> dict[str, Any]:
    """The index of a backup of which every file is there and unchanged; BadRecord names one."""
    try:
        index: dict[str, Any] = json.loads((source / INDEX).read_text(encoding="utf-8"))
        files: dict[str, dict[str, Any]] = index["files"]
    except (OSError, ValueError, KeyError):
        raise BadRecord(
            str(source), f"is no backup: it has no readable {INDEX}", fault=Fault.COMMAND
        ) from None
    for name, entry in files.items():
        file = source / name
        if not file.resolve().is_relative_to(source.resolve()) or not file.is_file():
            raise BadRecord(str(source), f"{name} is missing from the backup", fault=Fault.COMMAND)
        if _entry(file)["sha256"] != entry["sha256"]:
            raise BadRecord(str(source), f"{name} is not what was backed up", fault=Fault.COMMAND)
    return index


def restore(var: Path, source: Path) -> list[str]:
    """Put a checked backup in place of what is there; the answer says what else to know."""
    index = check(source)
    said: list[str] = []
    aside = var / "quarantine" / "replaced" / f"{clock.local():%Y%m%dT%H%M%S.%f}"
    for name in ("raw", "seals", "warehouse", _SERVING, "secrets", "issued", *_STORE_FILES):
        if (var / name).exists():
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            (var / name).rename(aside / name)
            said.append(f"{name} that was there lies in {aside}")
    for name in index["files"]:
        part = name.split("/")[0]
        if part != "config":
            _copy(source / name, var / name)
    for file in sorted((source / _SERVING).glob("*-*.duckdb")):
        kind = file.stem.split("-")[0]
        _copy(file, var / "warehouse" / ("core.duckdb" if kind == "core" else "marts.duckdb"))
    said += _restore_config(var, source, index)
    if _CASES not in index["files"]:
        said.append(f"case store: {index['case_store']}")
    return said


def _sources(var: Path) -> Iterator[tuple[Path, str]]:
    config = environment().config
    for file in sorted(config.rglob("*")):
        if file.is_file() and file.suffix in (".toml", ".geojson"):
            yield file, f"config/{file.relative_to(config)}"
    for folder in ("secrets", "issued"):
        for file in sorted((var / folder).rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                yield file, file.relative_to(var).as_posix()
    for file in sorted((var / "issued").rglob("*.json")):  # reports keep their figures for good
        yield file, file.relative_to(var).as_posix()


def _raw(var: Path, target: Path, key: str) -> dict[str, dict[str, Any]]:
    """The archive of one platform: first its lines as they are now, then the files they name."""
    home = var / "raw" / key
    text = (home / MANIFEST).read_bytes()
    text = text[: text.rfind(b"\n") + 1]
    found: dict[str, dict[str, Any]] = {}
    names = {json.loads(line)["path"] for line in text.splitlines()}
    names |= {json.loads(line)["mapping"] for line in text.splitlines()} - {None}
    for kind in ("pictures/*/*.jpg", "pictures/*/*.png", album.INDEX):
        names |= {file.relative_to(home).as_posix() for file in home.glob(kind)}
    for name in sorted(names):
        lies = name if (home / name).is_file() else f"{name.split('/')[0]}.zip"  # day, or its pack
        if not (home / lies).is_file():
            _log.warning("raw_missing", platform=key, path=name)
        elif f"raw/{key}/{lies}" not in found:
            found[f"raw/{key}/{lies}"] = _copy(home / lies, target / "raw" / key / lies)
    manifest = target / "raw" / key / MANIFEST
    manifest.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    manifest.write_bytes(text)
    manifest.chmod(0o600)
    found[f"raw/{key}/{MANIFEST}"] = _entry(manifest)
    return found


def _generation(var: Path, target: Path, files: dict[str, dict[str, Any]]) -> int | None:
    pointer = var / _SERVING / "CURRENT.json"
    if not pointer.is_file():
        return None
    said = json.loads(pointer.read_text(encoding="utf-8"))
    for name in (said["core"], said["mart"], pointer.name):
        files[f"{_SERVING}/{name}"] = _copy(var / _SERVING / name, target / _SERVING / name)
    # the pointer may have moved on while we copied: what we write is what we have
    (target / _SERVING / pointer.name).write_text(json.dumps(said), encoding="utf-8")
    files[f"{_SERVING}/{pointer.name}"] = _entry(target / _SERVING / pointer.name)
    return int(said["generation"])


def _copy_store(source: Path, target: Path) -> None:
    """A consistent copy of the SQLite store while others write to it."""
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    target.chmod(0o600)


def _restore_config(var: Path, source: Path, index: dict[str, Any]) -> list[str]:
    """Configuration that differs from the present one is laid beside it, never over it."""
    present = environment().config
    differs = [
        name
        for name in index["files"]
        if name.startswith("config/")
        and not _same(source / name, present / name.removeprefix("config/"))
    ]
    beside = var / "config-of-backup"
    for name in differs:
        _copy(source / name, beside / name.removeprefix("config/"))
    if not differs:
        return []
    return [f"{len(differs)} files of config differ from the backup's; those lie in {beside}"]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _copy(source: Path, target: Path) -> dict[str, Any]:
    """Copy and sync one file; its entry in the index."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as write:
        while piece := read.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            write.write(piece)
        write.flush()
        os.fsync(write.fileno())
    return {"sha256": digest.hexdigest(), "bytes": size}


def _entry(file: Path) -> dict[str, Any]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"sha256": digest, "bytes": file.stat().st_size}
