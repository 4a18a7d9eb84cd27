"""The documents that are written from the code: docs/metrics.md and docs/platforms.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.environment import ROOT
from warehouse.metric import MetricDefinition, load_metrics

_KINDS = {
    "count": "计数",
    "rate": "比率",
    "mean": "均值",
    "sum": "合计",
    "median": "中位数",
    "level": "现状数",
    "stock": "存量",
}
_BASES = {
    "accepted": "按受理时间",
    "due": "按应办结时间",
    "completed": "按办结时间",
    "moment": "时点",
}
_POLARITIES = {"up": "越高越好", "down": "越低越好", "none": "不评优劣"}


def write_all(folder: Path) -> list[Path]:
    """Write every generated document; the paths written."""
    pages = {"metrics.md": metrics_page(), "platforms.md": platforms_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def platforms_page() -> str:
    """Every platform as its module and its block declare it; only the ETL reads its modules."""
    done = subprocess.run(
        [sys.executable, "-m", "etl", "describe"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def metrics_page() -> str:
    """Every metric: formula, basis, exclusions, unit, version, source document, owner."""
    head = (
        "# Metrics\n\nWritten by `make docs` from `warehouse/metrics/*.sql`; edit those files, "
        "not this page. One SELECT each, one row per case.\n"
    )
    return "\n".join([head, *(_section(each) for _, each in sorted(load_metrics().items()))])


def _section(metric: MetricDefinition) -> str:
    lines = "、".join(f"{label}（`{key}`）" for key, label in metric.lines)
    kind = metric.middle or _KINDS[metric.kind]
    facts = {
        "公式": metric.formula,
        "口径": f"{_BASES[metric.basis]}；{kind}；单位 {metric.unit}",
        "分线": lines,
        "剔除": metric.exclusions,
        "优劣": _POLARITIES[metric.polarity],
        "小样本": f"分母小于 {metric.small_n} 时只列分子/分母" if metric.small_n else "",
        "版本": "；".join(
            f"第 {each.version} 版，{each.since.isoformat()} 起：{each.what}"
            for each in reversed(metric.history)
        ),
        "个人": "少于 5 的小数与可推算出它的数不公布；只给合计，不列明细"
        if metric.about_persons
        else "",
        "依据": metric.document,
        "负责": metric.owner,
        "来源平台": "、".join(f"`{key}`" for key in metric.platforms),
    }
    rows = "\n".join(f"| {word} | {text} |" for word, text in facts.items() if text)
    return f"## `{metric.id}` {metric.name}\n\n| | |\n|---|---|\n{rows}\n"
