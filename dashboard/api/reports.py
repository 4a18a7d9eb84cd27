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
from config.periods import Period, parse
from dashboard import reports
from dashboard.api.answers import ApiJson
from dashboard.gate import caller
from dashboard.gate.refusal import Refused
from dashboard.reports.errors import NotReady, ReportFailed, UnknownReport
from dashboard.source import data

routes = APIRouter(prefix="/api/v1/reports", include_in_schema=False)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KINDS = ("weekly",)
_KEPT_S = 7 * 24 * 3600
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
        files = _made(period, sorted(set(order.formats)), folder)
    name = f"{order.kind}-{period.key or 'month'}"
    facts = {"name": name, "files": {file.suffix[1:]: file.name for file in files}}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    _note("report_made", report_id, {"period": period.key, "formats": order.formats})
    _forget_old()
    answer = {
        "id": report_id,
        "period": period.key,
        "label": period.label,
        "files": [
            {"format": kind, "url": f"/api/v1/reports/{report_id}/{kind}"}
            for kind in sorted(facts["files"])
        ],
    }
    return ApiJson(answer, 201)


def _made(period: Period, formats: list[str], folder: Path) -> list[Path]:
    """The report's files; what stands in the way is told in words."""
    try:
        report = reports.weekly(data(), period)
        folder.mkdir(parents=True, mode=0o700)
        return reports.render(report, formats, folder)
    except NotReady:
        raise Refused(503, "数据还在首次载入", "载入完成后再生成") from None
    except UnknownReport:
        raise Refused(400, "这个时段不能出周报", "请选一个已经开始的周，如 2026-W47") from None
    except ReportFailed as error:
        shutil.rmtree(folder, ignore_errors=True)
        log.error("report_failed", period=period.key, why=str(error))
        raise Refused(500, "报告没有生成", "请联系管理员查看运行记录") from None


@routes.get("/{report_id}/{kind}")
def fetch(report_id: str, kind: str) -> Response:
    """One file of a report: found by its random id and its format, never by a path."""
    facts_file = _root() / report_id / "facts.json"
    if not _ID.fullmatch(report_id) or kind not in TYPES or not facts_file.is_file():
        raise Refused(404, "没有这份报告", "报告只保留七天，请重新生成")
    facts: dict[str, Any] = json.loads(facts_file.read_text(encoding="utf-8"))
    if kind not in facts["files"]:
        raise Refused(404, "这份报告没有此格式", f"可用：{'、'.join(facts['files'])}")
    _note("report_fetched", report_id, {"format": kind})
    file = facts_file.parent / facts["files"][kind]
    headers = {"content-disposition": f'attachment; filename="{facts["name"]}.{kind}"'}
    return FileResponse(file, media_type=TYPES[kind], headers=headers)


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
