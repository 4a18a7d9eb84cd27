"""Years of cases and readings straight in core, as the benchmarks of the warehouse need them.

`python -m benchmarks NAME --rows 10000000` sets the number of cases; readings are three times as
many. One run of several benchmarks fills one folder and takes it away at the end.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

CASES = int(os.environ.get("HONGLAN_BENCH_CASES", "1000000"))
SHARED = "HONGLAN_BENCH_FOLDER"
DAYS = 5 * 365
FIRST = date(2021, 11, 22)
NOW = datetime(2026, 11, 22, 23, 59)
_PART = 1_000_000
ROADS = [f"{a}{b}路" for a in "春夏秋冬东南西北青白石木" for b in "溪湖山桥塘渡岭原"]
_MATTERS = [
    f"{what}{how}"
    for what in ("路灯", "井盖", "小区电梯", "河道水面", "装修噪音", "共享单车", "垃圾房", "停车位")
    for how in ("损坏多日无人修", "影响出行", "反复出现未见处理", "请尽快核实", "夜间扰民")
]
_STORIES = [
    f"来电人反映{when}{what}，{how}，希望有关部门到现场核实后答复。"
    for when in ("昨日傍晚", "近一周以来", "上月起", "每天清晨")
    for what in ("门口道路积水较深老人出行不便", "施工围挡占用人行道", "夜间机器轰鸣声音很大")
    for how in ("此前已向物业反映未果", "曾有人到场但没有结果", "邻居多户都有同样情况")
]


def _picked(words: list[str], number: str) -> str:
    """One of some words by a number, as SQL."""
    quoted = ", ".join(repr(each) for each in words)
    return f"list_extract([{quoted}], CAST({number} % {len(words)} + 1 AS BIGINT))"


def fill(con: Any) -> None:
    """Orders and readings of five years into core, a million at a time; every day is dirty."""
    from etl.platforms.hotline_12345 import TABLES
    from warehouse import sketch

    con.execute("SET preserve_insertion_order = true")
    sketched = ", ".join(
        f"{text} AS {column}" for column, text in sketch.shapes(TABLES["hotline_order"]).items()
    )
    second = f"CAST(i * {DAYS * 86400} // {CASES} AS BIGINT)"
    for start in range(0, CASES, _PART):
        con.execute(
            f"""INSERT INTO core.hotline_order BY NAME SELECT *, {sketched} FROM (
            SELECT 'demo:hotline_12345' AS source, printf('XF%010d', i) AS order_no,
              {_picked(ROADS, "h")} || (h % 311 + 1) || '号' || {_picked(_MATTERS, "(h // 7)")}
                AS title,
              {_picked(_STORIES, "(h // 3)")} || '编号' || (h % 99991) AS content,
              CAST(NULL AS VARCHAR) AS reply_text,
              {_picked(ROADS, "h")} || '***' AS addr,
              received AS received_at, received + to_hours(120) AS due_at,
              CASE WHEN h % 50 > 0
                THEN received + to_minutes(CAST(h % 9000 AS INTEGER)) END AS closed_at,
              CASE WHEN h % 3 = 0 THEN received + to_hours(160) END AS revisit_at,
              h % 97 > 0 AS contacted, h % 11 > 0 AS resolved,
              CASE WHEN h % 13 > 0 THEN '满意' ELSE '不满意' END AS satisfaction,
              '投诉' AS req_type,
              printf('%02d%02d%02d', h % 10 + 1, h % 3 + 1, h % 5 + 1) AS class_code,
              printf('320117005%03d', h % 12 + 1) AS community_code,
              printf('320117005%03d%03d', h % 12 + 1, h % 5 + 1) AS grid_code,
              '单位' || (h % 20) AS unit_main, '已办结' AS state, received AS updated_at,
              received AS _version, h AS _hash, 1 AS _batch, received AS _recorded_at
            FROM (SELECT i, hash(i) % 1000003 AS h,
                TIMESTAMP '{FIRST} 00:00:00' + to_seconds({second}) AS received
              FROM range({start}, {min(start + _PART, CASES)}) AS t(i)))"""
        )
    second = f"CAST(i * {DAYS * 86400} // {CASES * 3} AS BIGINT)"
    for start in range(0, CASES * 3, 3 * _PART):
        con.execute(
            f"""INSERT INTO core.gauge_reading BY NAME
            SELECT 'demo:gauge' AS source, printf('32011700%02d', i % 12 + 1) AS station,
              observed AS observed_at, 8 + (hash(i) % 300) / 100.0 AS level_m,
              (hash(i) % 5) / 10.0 AS rain_mm, 0.0833 AS interval_h,
              observed AS _version, hash(i) AS _hash, 1 AS _batch, observed AS _recorded_at
            FROM (SELECT i, TIMESTAMP '{FIRST} 00:00:00' + to_seconds({second}) AS observed
              FROM range({start}, {min(start + 3 * _PART, CASES * 3)}) AS t(i))"""
        )
    for table in ("hotline_order", "gauge_reading"):
        con.execute(
            f"INSERT INTO core.dirty_day SELECT '{table}', CAST(d AS DATE) FROM "
            f"generate_series(DATE '{FIRST}', DATE '{FIRST + timedelta(days=DAYS)}',"
            " INTERVAL 1 DAY) AS t(d)"
        )


@contextmanager
def folder() -> Iterator[Path]:
    """The folder of this run; one that several benchmarks share outlives the first of them."""
    shared = os.environ.get(SHARED)
    var = Path(shared or tempfile.mkdtemp(prefix="honglan-bench-"))
    try:
        yield var
    finally:
        if shared is None:
            shutil.rmtree(var)


def is_filled(var: Path) -> bool:
    """Whether an earlier benchmark of this run has published into the folder."""
    return (var / "serving" / "CURRENT.json").exists()


def memory_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
