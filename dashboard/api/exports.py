"""GET /api/v1/metrics/{id}/export: the rows behind a metric as a file, for pages and programs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from cases import audit
from config import clock
from config.environment import environment
from dashboard import wording
from dashboard.api import sifted
from dashboard.api.answers import ApiJson, asked, number, wrong_value
from dashboard.api.metrics import FILTERS, ONLY, demand_known, query_of
from dashboard.exports import progress
from dashboard.exports.order import MOST, TYPES, Order
from dashboard.exports.running import pieces
from dashboard.gate import caller
from dashboard.gate.refusal import Refused
from dashboard.pages import rows as tables
from dashboard.pages import view as views
from dashboard.source import data
from warehouse.read import Rows

_OWN = ("generation", "only", "sort", "view", "form", "check", "job")
_WORDS = frozenset({"from", "to", *FILTERS, *_OWN} - {"level"})

routes = APIRouter(include_in_schema=False)


@routes.get("/api/v1/metrics/{metric_id}/export")
async def export(metric_id: str, request: Request) -> Response:
    """The file, or with check=1 how many rows it would have."""
    return await _answered(metric_id, asked(request, _WORDS), sifted.NOTHING)


@routes.post("/api/v1/metrics/{metric_id}/export")
async def export_sifted(metric_id: str, request: Request) -> Response:
    """The same with search words and filters in the body."""
    given, wanted = asked(request, _WORDS - {"view"}), await sifted.of_body(request)
    return await _answered(metric_id, given, wanted)


@routes.get("/api/v1/exports/{job}")
def how_far(job: str, request: Request) -> Response:
    """How far an export of one's own is: rows written of all; another's is as unknown as none."""
    asked(request, ())
    found = _found(job)
    if found is None:
        return ApiJson({"rows": 0, "total": 0, "state": "unknown"})
    return ApiJson({"rows": found.rows, "total": found.total, "state": found.state})


@routes.post("/api/v1/exports/{job}")
def stop(job: str, request: Request) -> Response:
    """End an export of one's own after the block it is writing."""
    asked(request, ())
    found = _found(job)
    if found is None:
        raise Refused(404, "没有这次导出", "导出一小时后不再可查，请重新导出")
    progress.stop(_folder(), job)
    return ApiJson({"rows": found.rows, "total": found.total, "state": progress.STOPPED})


def _found(job: str) -> progress.Progress | None:
    return progress.read(_folder(), job, _maker()) if progress.JOB.fullmatch(job) else None


def _folder() -> Path:
    return Path(environment().var).resolve() / "exports"


def _maker() -> str:
    who = caller.current()
    return f"{'token' if who.is_program else 'user'}:{who.name}"


async def _answered(metric_id: str, given: dict[str, str], wanted: sifted.Wanted) -> Response:
    demand_known(metric_id)
    order, total = await asyncio.to_thread(_order, metric_id, given, wanted)
    most = MOST[order.form]
    told = (
        f"共 {wording.count(total)} 行，{order.form.upper()} 至多 {wording.count(most)} 行；"
        + ("请改用 CSV，或" if order.form == "xlsx" and total <= MOST["csv"] else "请")
        + "缩短时段、增加筛选后再导出"
    )
    if given.get("check"):
        return ApiJson({"rows": total, "most": most, "fits": total <= most, "message": told})
    if total > most:
        raise Refused(400, told, "缩短时段或增加筛选", "too_many_rows")
    seq = await asyncio.to_thread(_note, order, total)
    name = f"{_name(order)}_审计{seq}.{order.form}"
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "x-total-rows": str(total),
        "cache-control": "no-store",
    }
    return StreamingResponse(pieces(order), media_type=TYPES[order.form], headers=headers)


def _order(metric_id: str, given: dict[str, str], wanted: sifted.Wanted) -> tuple[Order, int]:
    form, only, job = given.get("form", "csv"), given.get("only"), given.get("job", "")
    if job and not progress.JOB.fullmatch(job):
        raise wrong_value("job", job, "22 个字母、数字、- 或 _，每次导出另取")
    if form not in MOST:
        raise wrong_value("form", form, f"可用：{'、'.join(MOST)}")
    if only is not None and only not in ONLY:
        raise wrong_value("only", only, f"可用：{'、'.join(ONLY)}")
    reader, store, site = data().reader, data().store, data().site
    definition = reader.definitions()[metric_id]
    generation = number(given, "generation", 1, 10**11, None)
    query = query_of(given, None)
    shape = reader.rows(metric_id, query, limit=0, generation=generation).columns
    view = views.opened(store, given.get("view", ""), metric_id)
    types = {column.name: column.type for column in shape}
    sift, everywhere = sifted.sift_of(wanted, view, types, site, (metric_id, query.last))
    query = sifted.reach(query, everywhere=everywhere, is_spell=definition.is_spell)
    sort = given.get("sort") or views.sort_word(view, [column.name for column in shape])
    found: Rows = reader.rows(
        metric_id, query, limit=0, sort=sort, only=only, generation=generation, sift=sift
    )
    told = {column.name: column.label for column in shape}
    seen = tables.visible(list(told), view, lines=bool(definition.lines))
    classes = reader.class_names(definition.classes or "", generation=generation)
    names = {each: views.site_names(site, each) for each in ("community", "grid", "line")}
    now, who = clock.local(), caller.current()
    most = MOST[form]
    order = Order(
        form=form,
        metric=metric_id,
        query=replace(query, scope=who.right.scope),
        only=only,
        sort=sort,
        sift=sift,
        generation=generation,
        columns=[(each, tables.label(each, told[each])) for each in seen],
        names={**names, "class_path": classes},
        paths=("class_path",),
        job=job,
        by=_maker(),
        total=int(found.total),
        told=_about(definition, query, now, who.name, min(found.total, most), generation),
        watermark=f"{who.name} {now:%Y-%m-%d %H:%M} 导出，内部资料",
        var=str(Path(environment().var).resolve()),
    )
    return order, int(found.total)


def _about(
    definition: Any, query: Any, now: Any, who: str, total: int, generation: int | None
) -> list[tuple[str, str]]:
    """What an exported file says of itself."""
    return [
        ("指标", f"{definition.name}（{definition.id}，第 {definition.version} 版）"),
        ("时段", f"{query.first} 至 {query.last}"),
        ("数据快照", f"第 {generation} 号" if generation else "最新"),
        ("导出", f"{now:%Y-%m-%d %H:%M}，{who}"),
        ("行数", f"{total} 行"),
        ("说明", "姓名、电话、地址均已脱敏；文字栏按原文保存，不作公式处理。"),
    ]


def _note(order: Order, total: int) -> int:
    """The audit row of an export; its number stands in the file's name."""
    who, query = caller.current(), order.query
    detail = {
        "form": order.form,
        "rows": total,
        "from": query.first.isoformat(),
        "to": query.last.isoformat(),
        "searched": bool(order.sift.words),
        "filters": sorted(one.column for one in order.sift.filters),
        "columns": len(order.columns),
    }
    entry = audit.Entry("export", order.metric, who.name, who.role, who.address, "ok", detail)
    return audit.record(data().store, entry)


def _name(order: Order) -> str:
    """A file name that holds no path, whatever a metric is called."""
    name = dict(order.told).get("指标", order.metric).split("（")[0]
    text = f"{name}_{order.query.first}至{order.query.last}"
    return "".join("-" if sign in '\\/:*?"<>|' else sign for sign in text)[:100]
