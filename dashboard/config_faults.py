"""Files of the configuration that cannot be used as they stand, in words for those on duty."""

from __future__ import annotations

import re
from typing import Final

from config.kept import Fault, faults

_FILES: Final = {
    "thresholds.toml": "水位限值和告警等级",
    "flood_plans.toml": "防汛预案",
    "platforms.toml": "平台接入",
    "site.toml": "街道资料",
    "scenes.toml": "大屏场景轮播",
}
_LINE: Final = re.compile(r"line (\d+)")


def told() -> tuple[str, ...]:
    """One sentence for each file that cannot be used now; none while all is right."""
    return tuple(_words(fault) for fault in faults())


def _words(fault: Fault) -> str:
    what = f"{_FILES.get(fault.name, '配置')}（{fault.name}）{_where(fault)}有误"
    if fault.is_last_good:
        return f"{what}，改动未采用，运行中的程序仍按改动前的内容；改正前不要重启，请工程师改正。"
    return f"{what}，只采用了其中能读的部分，可能有测站未参与判断；请工程师尽快改正。"


def _where(fault: Fault) -> str:
    key = fault.error.key
    if key == "TOML":
        line = _LINE.search(str(fault.error.value))
        return f"第 {line.group(1)} 行" if line else "末尾"
    return {"file": "文件", "encoding": "文字编码"}.get(key, f" {key} ")
