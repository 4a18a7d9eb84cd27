"""Issues: a finished week's report is kept as it was first made, with the same figures for good.

HONGLAN_VAR/issued/<kind>/<period>/<revision>.json. The first report of a finished week whose data
are complete is revision 1; only an order to issue (`--issue`) makes the next one, or the first one
in spite of gaps.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from dashboard.reports.content import Report, from_json, to_json
from dashboard.reports.errors import ReportFailed

AMENDED = "（更正）"


def issued(var: Path, kind: str, period: str) -> Report | None:
    """The newest issue of a period; None while there is none."""
    numbers = _numbers(_folder(var, kind, period))
    return None if not numbers else _read(_file(var, kind, period, numbers[-1]))


def issue(var: Path, report: Report) -> Report:
    """Keep a report as the next revision; of two made at once both callers get the same one."""
    folder = _folder(var, report.kind, report.period)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = (_numbers(folder) or [0])[-1] + 1
    if number > 1:
        report = replace(report, issue=report.issue + AMENDED, revision=number)
    target = _file(var, report.kind, report.period, number)
    part = target.with_name(f".{number}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(to_json(report))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, target)
    except FileExistsError:
        return _read(target)
    finally:
        part.unlink()
    return report


def _folder(var: Path, kind: str, period: str) -> Path:
    return var / "issued" / kind / period


def _file(var: Path, kind: str, period: str, number: int) -> Path:
    return _folder(var, kind, period) / f"{number}.json"


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("[0-9]*.json") if path.stem.isdigit())


def _read(path: Path) -> Report:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportFailed(f"the issued report {path} cannot be read: {error}") from error
