"""How the product is: alive, ready (or why not), its platforms, and its counters."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.responses import PlainTextResponse, Response

from cases import damage, health
from cases.errors import CaseError
from config import clock
from dashboard import config_faults, standstill
from dashboard.api.answers import ApiJson, asked
from dashboard.gate.telemetry import Telemetry
from dashboard.source import data
from warehouse.errors import WarehouseError
from warehouse.read import Generation

_STATES = ("fresh", "late", "stale", "failed", "off")


def router(telemetry: Telemetry) -> APIRouter:
    """The addresses that say how things are."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def healthz() -> Response:
        return PlainTextResponse("ok")

    @routes.get("/readyz")
    def readyz(request: Request) -> Response:
        asked(request, ())
        reasons = why_not_ready()
        said = {"ready": not reasons, "reasons": reasons}
        if notices := what_to_know():
            said["notices"] = notices
        return ApiJson(said, 503 if reasons else 200)

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(_scrape(telemetry), headers={"content-type": CONTENT_TYPE_LATEST})

    @routes.get("/api/v1/platforms")
    def platforms(request: Request) -> Response:
        asked(request, ())
        states = health.states(data().store, data().platforms, clock.local())
        return ApiJson({"platforms": [state.to_json() for state in states]})

    @routes.get("/api/v1/health")
    def overall(request: Request) -> Response:
        asked(request, ())
        reasons = why_not_ready()
        generation = _generation()
        states = health.states(data().store, data().platforms, clock.local())
        return ApiJson(
            {
                "ready": not reasons,
                "reasons": reasons,
                "generation": None if generation is None else generation.number,
                "published_at": None if generation is None else generation.published_at,
                "platforms": {
                    name: sum(state.state == name for state in states) for name in _STATES
                },
            }
        )

    return routes


def why_not_ready() -> list[dict[str, str]]:
    """What keeps the product from answering with current figures; empty while all is well."""
    reasons = []
    try:
        states = health.states(data().store, data().platforms, clock.local())
    except CaseError:
        reasons.append(_reason("store_unavailable", "业务库无法读取"))
        states = []
    try:
        generation = data().reader.current()
        if generation is None:
            reasons.append(_reason("no_snapshot", "尚无已发布的数据，首次载入未完成"))
        elif generation.trouble:
            reasons.append(_still(generation.trouble))
    except (WarehouseError, OSError):
        reasons.append(_reason("snapshot_unreadable", "已发布的数据无法读取"))
    if standstill.silent_for(data().store) is not None:
        reasons.append(_still("etl_silent"))
    connected = [state for state in states if state.state != "off"]
    came = any(state.last_success for state in connected)
    if came and all(state.state in ("stale", "failed") for state in connected):
        reasons.append(_reason("all_sources_stale", "全部已接入平台均已超过更新时限"))
    return reasons


def what_to_know() -> list[dict[str, str]]:
    """What does not keep the product from answering, and still wants somebody."""
    known = [_reason("config_fault", said) for said in config_faults.told()]
    try:
        broken = damage.counts(data().store)
    except CaseError:
        return known  # the store is told as a reason
    names = [data().platforms[key].short for key in broken if key in data().platforms]
    if names:
        said = f"原始文件损坏或丢失：{'、'.join(names)}，共 {sum(broken.values())} 份"
        known.append(_reason("raw_damaged", said))
    return known


def _generation() -> Generation | None:
    """What is shown; None before the first publish, and while nothing published can be read."""
    try:
        return data().reader.current()
    except (WarehouseError, OSError):
        return None  # told as a reason


def _still(code: str) -> dict[str, str]:
    return _reason(code, f"{standstill.CAUSES[code]}，显示的数字已停止更新")


def _reason(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


def _scrape(telemetry: Telemetry) -> bytes:
    """The process's own counters, then what the platforms and the snapshot are like now."""
    now: Any = CollectorRegistry()
    age = Gauge("honglan_platform_age_seconds", "Since the last success", ["key"], registry=now)
    lamp = Gauge(
        "honglan_platform_state", "1 for the lamp that is lit", ["key", "state"], registry=now
    )
    quarantined = Gauge("honglan_platform_quarantined", "Rows in quarantine", ["key"], registry=now)
    damaged = Gauge("honglan_raw_damaged", "Raw files that are damaged", ["key"], registry=now)
    wrong = Gauge("honglan_config_faults", "Files that cannot be used as they are", registry=now)
    wrong.set(len(config_faults.told()))
    for state in health.states(data().store, data().platforms, clock.local()):
        if state.age_s is not None:
            age.labels(state.key).set(state.age_s)
        quarantined.labels(state.key).set(state.quarantined)
        damaged.labels(state.key).set(state.damaged)
        for name in _STATES:
            lamp.labels(state.key, name).set(state.state == name)
    kept = data().kept
    Gauge("honglan_kept_bytes", "Ready answers held in memory", registry=now).set(kept.size)
    Gauge("honglan_kept_bytes_most", "How many bytes may be held", registry=now).set(kept.most)
    answers = Gauge("honglan_kept_answers", "How answers came about", ["how"], registry=now)
    for how in ("kept", "shared", "made", "ahead"):
        answers.labels(how).set(kept.told[how])
    generation = _generation()
    if generation is not None:
        Gauge("honglan_generation", "Published generation", registry=now).set(generation.number)
        since = (clock.local() - generation.published_at).total_seconds()
        Gauge("honglan_generation_age_seconds", "Since it was published", registry=now).set(since)
    return generate_latest(telemetry.registry) + generate_latest(now)
