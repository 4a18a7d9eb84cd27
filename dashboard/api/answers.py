"""How the API answers: JSON with times in +08:00, and errors that say what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cases.errors import Busy, NotAllowed, NotKnown
from config.clock import ZONE
from config.errors import ConfigError
from config.periods import UnknownPeriod
from dashboard.gate.refusal import Refused, answer
from dashboard.reports.errors import NotReady, UnknownReport
from warehouse.errors import (
    GenerationGone,
    NoSnapshot,
    QueryFailed,
    UnknownParameter,
    WarehouseError,
)

_RULES = tuple(
    (re.compile(rule), words)
    for rule, words in (
        (r"a day not after to=(.+)", r"不晚于 to=\1 的日期"),
        (r"a day before the year (\d+)", r"\1 年以前的日期"),
        (r"at most (\d+) days up to to=(.+)", r"截至 to=\2 至多 \1 天"),
        (r"level only together with by=class", "level 只与 by=class 同用"),
        (r"no line, this metric has none", "不写 line：本指标不分条线"),
        (r"a class path of the source", "该数据集里有的类别路径"),
        (r"(\d+) to (\d+)", r"\1 至 \2"),
        (r"(\d+) or more", r"不小于 \1"),
        (r"no parameter", "不带参数"),
        (r"a value for \$(.+)", r"给出 \1 的值"),
        (r"a day such as (.+)", r"日期写成 \1"),
        (r"2 to 32 of a-z.*", "2 至 32 位小写字母、数字、点、横线、下划线，字母开头"),
        (r"another name.*", "换一个名字"),
        (r"not one of the last (\d+)", r"不与最近 \1 次的密码相同"),
    )
)
_SHAPES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不接受这一项",
    "json_invalid": "内容须是正确的 JSON",
    "string": "应为文本",
    "list": "应为列表",
    "bool": "应为 true 或 false",
}


class ApiJson(Response):
    """JSON as programs want it: Chinese as it is, numbers unrounded, no NaN."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return json.dumps(plain(content), ensure_ascii=False, allow_nan=False).encode()


def plain(value: Any) -> Any:
    """The value in JSON's own types; naive times are local time of Asia/Shanghai."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)
        return aware.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def asked(request: Request, allowed: Collection[str]) -> dict[str, str]:
    """The query's parameters; Refused for one that is unknown or stands twice."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in allowed:
            raise Refused(
                400,
                f"未知参数 {name[:40]}",
                f"可用参数：{'、'.join(sorted(allowed)) or '无'}",
                "unknown_parameter",
            )
        if not value:
            raise wrong_value(name, value, "给出值，或不写这个参数")
        if name in found:
            raise Refused(400, f"参数 {name} 重复", "每个参数只写一次", "bad_parameter")
        found[name] = value
    return found


def number(given: dict[str, str], name: str, least: int, most: int, default: int | None) -> Any:
    """A whole number of the query."""
    text = given.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
        raise Refused(
            400,
            f"参数 {name} 的值 {text[:40]} 无法识别",
            f"{least} 至 {most} 的整数",
            "bad_parameter",
        )
    return int(text)


def wrong_value(name: str, value: object, allowed: str) -> Refused:
    """The refusal of a parameter's value, with what it may be."""
    return Refused(400, f"参数 {name} 的值 {str(value)[:40]} 无法识别", allowed, "bad_parameter")


def day(given: dict[str, str], name: str) -> date | None:
    """A day of the query."""
    text = given.get(name)
    if text is None:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise wrong_value(name, text, "写成 2026-11-23")


def install(server: FastAPI) -> None:
    """Every error of a route becomes the API's error object, with the right status."""
    reasons: dict[type[Exception], Callable[[Any], Refused]] = {
        Refused: lambda error: error,
        HTTPException: lambda error: Refused(error.status_code),
        RequestValidationError: _invalid,
        UnknownParameter: _unknown,
        GenerationGone: lambda error: Refused(
            410,
            f"第 {error.generation} 代数据已不再保留",
            "去掉 generation 参数，重新取当前数据",
            "generation_gone",
        ),
        NoSnapshot: lambda _: Refused(
            503, "尚无已发布的数据", "首次载入完成后再试", "no_snapshot", {"retry-after": "15"}
        ),
        QueryFailed: lambda _: Refused(
            503, "查询未能完成", "缩小日期范围后再试", "query_failed", {"retry-after": "5"}
        ),
        WarehouseError: lambda _: Refused(503, "数据暂时无法读取", "稍后再试", "warehouse"),
        NotKnown: lambda error: Refused(404, f"没有找到 {error.subject}"),
        NotAllowed: lambda error: Refused(
            400, f"{error.subject} 不符合规定", in_chinese((error.allowed,)), "not_allowed"
        ),
        UnknownPeriod: lambda error: wrong_value("period", error.key, "如 2026-W47"),
        UnknownReport: lambda _: Refused(
            400,
            "报告的种类、周期或格式无法识别",
            "种类 weekly；周期如 2026-W47、2026-W47-fri；格式 docx、pdf、xlsx",
            "bad_parameter",
        ),
        NotReady: lambda _: Refused(
            503, "数据尚未齐备，暂不能生成报告", "稍后再试", "not_ready", {"retry-after": "15"}
        ),
        Busy: lambda _: Refused(503, headers={"retry-after": "1"}),
        Exception: lambda _: Refused(500),
        ConfigError: lambda error: Refused(
            400, f"{error.key} 的值 {error.value} 无法识别", str(error.allowed), "bad_parameter"
        ),
    }
    for kind, reason in reasons.items():
        server.add_exception_handler(kind, _handler(reason))


def _handler(reason: Callable[[Any], Refused]) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        for_person = "text/html" in request.headers.get("accept", "")
        return answer(reason(error), for_person=for_person)

    return handle


def _unknown(error: UnknownParameter) -> Refused:
    return wrong_value(error.name, error.value, in_chinese(error.allowed))


def in_chinese(allowed: tuple[str, ...]) -> str:
    """What is allowed, for a person: the warehouse's rules in Chinese, lists of words as they are.

    The shell shows the same errors to engineers in English.
    """
    said = ", ".join(allowed)
    for rule, words in _RULES:
        if found := rule.fullmatch(said):
            return found.expand(words)
    return f"可用：{'、'.join(allowed)}"


def _invalid(error: RequestValidationError) -> Refused:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    kind = next((words for part, words in _SHAPES.items() if part in str(first["type"])), "")
    return wrong_value(where or "内容", first.get("input"), kind or "检查内容的格式")
