"""What the platform modules declare, as a page for people: docs/platforms.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from config.environment import environment, read_toml
from config.platforms import Platform, load_platforms
from etl import registry
from warehouse.schema import Column, Table

HEAD: Final = (
    "# Platforms\n\nWritten by `make docs` from `config/platforms.toml` and `etl/platforms/*.py`; "
    "edit those files, not this page. Personal columns never enter the warehouse as they are: "
    "masked text and a keyed hash do.\n"
)
_TRANSPORTS: Final = {
    "rest": "REST，定时拉取",
    "sql_view": "数据库只读视图",
    "files": "文件（目录、SFTP、S3）",
    "push": "Webhook 推送",
    "mqtt": "MQTT 订阅",
    "sl651": "SL651 水文遥测（TCP）",
    "wvp": "GB28181 平台 HTTP 接口",
}
_TYPES: Final = {
    "text": "文本",
    "integer": "整数",
    "double": "小数",
    "boolean": "是否",
    "timestamp": "时间",
    "date": "日期",
}
_PERSONAL: Final = {
    "name": "姓名",
    "names": "多人姓名",
    "phone": "电话",
    "address": "住址",
    "id_no": "证件号",
    "point": "地点，留到约 100 米",
}
_UNITS: Final = ((86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒"))


def page() -> str:
    """Every platform: whom to ring, how and how often it delivers, its facts and columns."""
    platforms = [_as_declared(each) for each in load_platforms().values()]
    list_ = "\n".join(
        f"| [`{each.key}`](#{each.key}) | {each.name} | {_TRANSPORTS[each.transport]}"
        f" | {_cadence(each)} | {_span(each.stale_after)} | {each.owner} |"
        for each in platforms
    )
    heads = "| 代码 | 平台 | 接入方式 | 节奏 | 停更时限 | 责任单位 |\n|---|---|---|---|---|---|"
    head = f"{HEAD}\n{heads}\n"
    return "\n".join([head + list_ + "\n", *(_platform(each) for each in platforms)])


def _as_declared(each: Platform) -> Platform:
    """The platform with the transport of its block: a machine without a broker uses another."""
    blocks = read_toml(environment().config / "platforms.toml")
    return replace(each, transport=blocks[each.key]["transport"])


def _platform(each: Platform) -> str:
    facts = {
        "平台": f"{each.name}（{each.short}）",
        "责任单位": f"{each.owner} {each.phone}".strip(),
        "接入方式": f"{_TRANSPORTS[each.transport]}（`{each.transport}`）",
        "节奏": _cadence(each),
        "停更时限": _span(each.stale_after),
        "原始数据保留": f"{_span(each.keep_raw)}，其中个人信息 {_span(each.keep_personal)}",
        "现在的来源": "演示城" if each.demo else "真实接入",
    }
    own = registry.module(each.key).TABLES.values()
    if any(column.axis for table in own for column in table.columns.values()):
        outside = "，街道范围外的行进隔离" if each.outside == "refuse" else ""
        facts["坐标系"] = f"`{each.crs}`，入库时换算为 WGS-84 一次{outside}"
    rows = "\n".join(f"| {name} | {text} |" for name, text in facts.items())
    tables = "\n".join(
        _table(name, table) for name, table in registry.module(each.key).TABLES.items()
    )
    return f"## {each.key}\n\n| | |\n|---|---|\n{rows}\n\n{tables}"


def _table(name: str, table: Table) -> str:
    key = "、".join(f"`{column}`" for column in table.key)
    version = f"`{table.version}`" if table.version else "批次到达时间"
    partial = "；各批互补，逐列取最新" if table.partial else ""
    said = f"### `{name}`\n\n{table.label}。同一行按 {key}，新旧按 {version}{partial}。\n"
    columns = "\n".join(
        f"| `{column}` | {one.label} | {_TYPES[one.type]} | {one.unit} | {_personal(one)}"
        f" | {'是' if one.wall else ''} |"
        for column, one in table.columns.items()
    )
    rules = "".join(
        f"- {reason}：`{' '.join(rule.split())}`\n" for reason, rule in table.rules.items()
    )
    lead = f"\n不可能为真的行进隔离：\n\n{rules}" if rules else ""
    heads = "| 列 | 名称 | 类型 | 单位 | 个人信息 | 大屏 |\n|---|---|---|---|---|---|"
    return f"{said}\n{heads}\n{columns}\n{lead}"


def _personal(column: Column) -> str:
    if column.personal:
        return _PERSONAL[column.personal]
    if column.hash_of:
        return f"`{column.hash_of}` 的摘要"
    return "文本去标识" if column.scrub else ""


def _cadence(each: Platform) -> str:
    if each.at is None:
        return f"每 {_span(each.every)}"
    return f"{each.at:%H:%M}，" + (f"每周 {each.on}" if each.on else "每日")


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    size, word = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    return f"{seconds // size} {word}"
