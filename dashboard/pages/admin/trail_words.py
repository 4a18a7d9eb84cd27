"""What the trail's technical names are called: platforms, metrics and columns in Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.pages import rows as tables
from dashboard.pages.admin.doubts import in_chinese
from dashboard.pages.admin.parts import ROLES
from layouts.wall import load_scene, scene_names

DETAILS: Final = {
    "profile": "版式",
    "minutes": "分钟",
    "output": "输出",
    "scenes": "场景",
    "addresses": "地址",
    "role": "角色",
    "units": "单位",
    "villages": "社区、村",
    "of": "社区、村",
    "reason": "事由",
    "columns": "栏",
    "form": "格式",
    "format": "格式",
    "formats": "格式",
    "rows": "行数",
    "from": "自",
    "to": "至",
    "searched": "按文字查找",
    "filters": "筛选栏",
    "period": "时段",
    "session": "会话",
    "count": "个数",
    "factor": "第二步",
    "by": "登录方式",
    "why": "缘由",
    "version": "版本",
    "changed": "改动",
    "saved": "保存",
    "level": "级别（0 为终止）",
    "basis": "依据",
}
VALUES: Final = {
    **ROLES,
    "True": "是",
    "False": "否",
    "code": "动态码",
    "recovery": "备用码",
    "own": "密码",
    "oidc": "统一身份认证",
    "no open account": "没有账号或已停用",
    "provider away": "认证平台不可用",
}
_FREE: Final = ("reason", "basis")  # a person wrote it; it is shown as it is
_COLUMNS: Final = ("columns", "filters")
_OF_A_SCENE: Final = ("wall_choose", "wall_hold", "wall_release", "wall_visitors")
_HANDLE: Final = 8  # signs of a report's random address that are shown; all of them would open it


@dataclass(frozen=True, slots=True)
class Names:
    """Names by source, by metric, and by column of a fact."""

    sources: Mapping[str, str]
    metrics: Mapping[str, str]
    facts: Mapping[str, str]  # the fact behind a metric
    labels: Callable[[str], Mapping[str, str]]


def names_of(data: Any) -> Names:
    """The names of a site: its platforms and metrics; columns are asked for when needed."""
    definitions = data.reader.definitions()
    platforms = data.platforms.items()
    sources = {form: one.short for key, one in platforms for form in (key, f"demo:{key}")}
    return Names(
        sources={**sources, **{one.source: one.short for _, one in platforms}},
        metrics={key: each.name for key, each in definitions.items()},
        facts={key: each.fact or "" for key, each in definitions.items()},
        labels=data.reader.labels,
    )


def subject(event: str, text: str, names: Names) -> str:
    """What was acted on: the platform and number of an opened row, the metric of an export."""
    if event == "reveal":
        source, _, rest = text.partition("/")
        return f"{names.sources.get(source, source)} {rest.partition('/')[2]}"
    if event == "export":
        return names.metrics.get(text, text)
    if event in ("report_made", "report_fetched"):
        return f"报告 {text[:_HANDLE]}…"
    if event == "raw_damage_acknowledged":
        return names.sources.get(text, text)
    if event in _OF_A_SCENE and text in scene_names():
        return load_scene(text).title
    return {"vault.key": "保险库密钥"}.get(text, text)


def detail(event: str, about: str, text: str, names: Names) -> str:
    """The details as name and value in words, lists with their commas; a free text as it is."""
    told = json.loads(text)
    fact = about.split("/")[1] if event == "reveal" else names.facts.get(about, "")
    parts = []
    for name, value in told.items():
        many = value if isinstance(value, list) else [value]
        labels = names.labels(fact) if name in _COLUMNS and isinstance(value, list) else {}
        shown = "、".join(
            str(one) if name in _FREE else _value(str(one), name, labels) for one in many
        )
        parts += [f"{DETAILS.get(name, name)} {shown}"] if shown else []
    return "；".join(parts)


def _value(text: str, name: str, labels: Mapping[str, str]) -> str:
    if name in _COLUMNS:
        return tables.label(text, labels.get(text, ""))
    return VALUES.get(text) or in_chinese(text) or text
