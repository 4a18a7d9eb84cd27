"""Reports on demand: made into a folder with a random name, fetched by that name, audited."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict
from starlette.responses import FileResponse, Response

from cases import audit
from config import clock
from config.environment import environment
from config.periods import parse
from dashboard import reports as written
from dashboard.api.answers import ApiJson
from dashboard.gate import caller
from dashboard.gate.refusal import Refused
from dashboard.source import data

routes = APIRouter(prefix="/api/v1/reports", include_in_schema=False)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KINDS = ("weekly",)
_KEPT_S = 7 * 24 * 3600
_FACTS = "facts.json"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_OFTEN = RateLimitItemPerMinute(20, 10)
_limiter = MovingWindowRateLimiter(MemoryStorage())
_one_at_a_time = threading.Lock()
log = structlog.get_logger(__name__)


class Order(BaseModel):
    """Which report is wanted."""

    model_config = ConfigDict(extra="forbid", strict=True)
    period: str
    kind: str = "weekly"
    formats: list[str] = ["docx", "pdf", "xlsx"]


@routes.post("")
def make(order: Order) -> Response:
    """Make a report and say where its files lie."""
    if order.kind not in _KINDS:
        raise Refused(400, f"没有报告种类 {order.kind[:20]}", f"可用：{'、'.join(_KINDS)}")
    if not order.formats or not set(order.formats) <= set(TYPES):
        raise Refused(400, "报告格式无法识别", f"可用：{'、'.join(TYPES)}")
    period = parse(order.period, clock.today())
    if not _limiter.hit(_OFTEN, caller.current().key):
        raise Refused(429, "生成报告过于频繁", "每十分钟至多二十份", headers={"retry-after": "60"})
    report_id = secrets.token_urlsafe(32)
    folder = _root() / report_id
    with _one_at_a_time:
        report = written.weekly(data(), period)
        _root().mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(mode=0o700)
        files = written.render(report, sorted(set(order.formats)), folder)
    names = {file.suffix[1:]: file.name for file in files}
    facts = {"files": names, "by": _maker()}
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
    _note("report_made", report_id, {"period": period.key, "formats": sorted(names)})
    _forget_old()
    answer = {
        "id": report_id,
        "period": period.key,
        "label": period.label,
        "files": [
            {"format": kind, "url": f"/api/v1/reports/{report_id}/{kind}"} for kind in sorted(names)
        ],
    }
    return ApiJson(answer, 201)


@routes.get("/{report_id}/{kind}")
def fetch(report_id: str, kind: str) -> Response:
    """One file of a report: found by its random id and its format, never by a path."""
    if not _ID.fullmatch(report_id) or not (_root() / report_id / _FACTS).is_file():
        raise Refused(404, "没有这份报告", "报告只保留七天，请重新生成")
    folder = _root() / report_id
    names = files_of(folder)
    if names is None:
        raise Refused(404, "没有这份报告", "报告只保留七天，请重新生成")
    if kind not in names:
        raise Refused(404, "这份报告没有此格式", f"可用：{'、'.join(names)}")
    file = folder / names[kind]
    if file.parent != folder or file.is_symlink() or not file.is_file():
        raise Refused(404, "没有这份报告", "报告只保留七天，请重新生成")
    _note("report_fetched", report_id, {"format": kind})
    headers = {"content-disposition": f'attachment; filename="{names[kind]}"'}
    return FileResponse(file, media_type=TYPES[kind], headers=headers)


def files_of(folder: Path) -> dict[str, str] | None:
    """The files of a made report by format; None where they are not the caller's to read."""
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    names: dict[str, str] = facts["files"]
    return names if _may_fetch(str(facts["by"])) else None


def _may_fetch(maker: str) -> bool:
    """A narrow reader fetches only what was made from the own rows: one's own reports."""
    return not caller.current().right.is_narrow or maker == _maker()


def _maker() -> str:
    who = caller.current()
    return f"{'token' if who.is_program else 'user'}:{who.name}"


def _root() -> Path:
    return environment().var / "reports"


def _forget_old() -> None:
    """Reports older than a week go; the week's figures can be made anew at any time."""
    for folder in _root().iterdir():
        if _ID.fullmatch(folder.name) and time.time() - folder.stat().st_mtime > _KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)


def _note(event: str, subject: str, detail: dict[str, Any]) -> None:
    who = caller.current()
    entry = audit.Entry(event, subject, who.name, who.role, who.address, "ok", detail)
    audit.record(data().store, entry)
