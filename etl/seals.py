"""Seals: what deliveries made of the warehouse, kept when the raw files have gone.

HONGLAN_VAR/seals/<key>/<stamp>/ holds Parquet files and seal.json; a folder without seal.json is
no seal. The two newest of a platform stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

import structlog

from config import clock
from etl.manifest import Line
from warehouse.write import Warehouse

INDEX: Final = "seal.json"
KEPT: Final = 2
_log = structlog.get_logger("etl.seals")


def folder(var: Path) -> Path:
    """Where all seals lie."""
    return var / "seals"


def newest(var: Path, key: str) -> Path | None:
    """The newest seal of a platform."""
    found = _whole(folder(var) / key)
    return found[-1] if found else None


def make(warehouse: Warehouse, var: Path, key: str, facts: Collection[str]) -> dict[str, Any]:
    """Seal what the warehouse holds of a platform; what is in the seal."""
    home = folder(var) / key
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for part in home.glob("*.part"):
        shutil.rmtree(part)
    index = warehouse.seal(home / f"{clock.local():%Y%m%dT%H%M%S.%f}", key, facts)
    for old in _whole(home)[:-KEPT]:
        shutil.rmtree(old)
    return index


def bring_back(
    warehouse: Warehouse, var: Path, key: str, facts: Collection[str], lines: Iterable[Line]
) -> int:
    """Into a new warehouse: the sealed rows that no raw file gives any more; how many."""
    found = newest(var, key)
    if found is None:
        return 0
    rows = warehouse.unseal(found, facts, [line.id for line in lines])
    if rows:
        _log.info("unsealed", platform=key, seal=found.name, rows=rows)
    return rows


def _whole(home: Path) -> list[Path]:
    return sorted(each.parent for each in home.glob(f"*/{INDEX}") if each.parent.suffix != ".part")
