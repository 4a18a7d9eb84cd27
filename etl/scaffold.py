"""A new platform's module, block and fixture, as a start that already passes the contract test.

What is written is meant to be changed: the columns, the platform's own field names, the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import invalidate_caches
from io import BytesIO
from pathlib import Path
from typing import Final

import xlsxwriter

from cases.faults import Fault
from config.environment import ROOT
from config.platforms import load_platforms
from etl import registry
from etl.errors import Refused
from etl.formats import messages

_KEY = re.compile(r"[a-z][a-z0-9_]{2,30}")
_TEMPLATES: Final = Path(__file__).parent / "templates"
_RECORDS: Final = (
    {"bh": "A-0001", "lx": "示例甲", "lxdh": "025-57200011", "ms": "东门路灯不亮",
     "sbsj": "2026-11-20 08:30:00", "zt": "办理中", "gxsj": "2026-11-20 09:00:00"},
    {"bh": "A-0002", "lx": "示例乙", "lxdh": "025-57200012", "ms": "井盖松动",
     "sbsj": "2026-11-20 10:00:00", "zt": "已办结", "gxsj": "2026-11-21 16:20:00"},
)  # fmt: skip
_LABELS: Final = ("编号", "类型", "联系电话", "描述", "上报时间", "状态", "更新时间")


def _rest() -> bytes:
    return _json({"code": "0000", "message": None, "data": {"total": 2, "list": list(_RECORDS)}})


def _view() -> bytes:
    return _json({"rows": list(_RECORDS)})


def _pushed(topic: str | None = None) -> bytes:
    at = datetime(2026, 11, 21, 16, 20, 1)
    bodies = (json.dumps(each, ensure_ascii=False).encode() for each in _RECORDS)
    return b"".join(messages.line(at, body, topic) for body in bodies)


def _book() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for row, cells in enumerate((_LABELS, *(each.values() for each in _RECORDS))):
            sheet.write_row(row, 0, list(cells))
    return out.getvalue()


def _json(answer: object) -> bytes:
    return (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode()


# transport: template of the module, extension and content of the fixture
KINDS: Final[Mapping[str, tuple[str, str, Callable[[], bytes]]]] = {
    "rest": ("records", "json", _rest),
    "sql_view": ("records", "json", _view),
    "push": ("messages", "jsonl", _pushed),
    "mqtt": ("messages", "jsonl", lambda: _pushed("street/A-0001/up")),
    "files": ("sheet", "xlsx", _book),
}


def new(key: str, transport: str) -> list[Path]:
    """Write the three; Refused when there is anything of this name already."""
    if not _KEY.fullmatch(key):
        raise Refused(
            key, "cannot name a platform; use 3 to 31 of a-z, 0-9 and _", fault=Fault.COMMAND
        )
    config = ROOT / "config" / "platforms.toml"
    module = ROOT / "etl" / "platforms" / f"{key}.py"
    fixture = ROOT / "tests" / "fixtures" / "platforms" / key
    taken = [path for path in (module, fixture) if path.exists()]
    if key in load_platforms(config):
        taken.append(config)
    if taken:
        raise Refused(key, f"is there already, in {taken[0]}", fault=Fault.COMMAND)
    template, ext, content = KINDS[transport]
    path = {"rest": "data.list", "sql_view": "rows"}.get(transport, "")
    words = {"@KEY@": key, "@PATH@": path}
    module.write_text(_filled(f"{template}.py.txt", words), encoding="utf-8")
    with config.open("a", encoding="utf-8") as file:
        file.write(_filled(f"{transport}.toml.txt", words | {"@SECRET@": key.upper()}))
    fixture.mkdir(parents=True)
    payload = fixture / f"payload.{ext}"
    payload.write_bytes(content())
    invalidate_caches()  # the module is newer than what the interpreter has seen of its folder
    expected = fixture / "expected.json"
    expected.write_text(expectation(key, payload.read_bytes()), encoding="utf-8")
    return [module, config, payload, expected]


def expectation(key: str, payload: bytes) -> str:
    """The rows of a payload as expected.json holds them."""
    rows = [[table, row] for table, row in registry.parser(key)(payload)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text
