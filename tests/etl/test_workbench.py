"""The recipe of CONTRIBUTING followed in a copy of the tree, and what `record` makes of people."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from config.environment import ROOT
from etl import recording
from etl.errors import Refused
from etl.platforms import hotline_12345, petition
from etl.scaffold import KINDS

KEY = "street_light"
ROOMS = ("config", "etl", "warehouse", "cases", "tests/fixtures/platforms")
PHONE = "13912345678"


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of what connecting a platform touches, with what was compiled of it."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / "tree" / room)
    copy = tmp_path / "tree"
    (copy / "tests" / "etl").mkdir()
    shutil.copy(ROOT / "tests" / "etl" / "test_platforms.py", copy / "tests" / "etl")
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def environment(tree: Path) -> dict[str, str]:
    """What a process in the copy finds; nothing of this installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HONGLAN_")}
    return kept | {"HONGLAN_VAR": str(tree.parent / "var"), "STREET_LIGHT_TOKEN": "t"}


def run(tree: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=tree, env=environment(tree), capture_output=True, text=True,
    )  # fmt: skip


def contract(tree: Path) -> int:
    """How many tests of the contract the new platform passes; all that there are."""
    done = run(tree, "pytest", "-q", "tests/etl/test_platforms.py", "-k", f"{KEY} or name_the_same")
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout.split("[100%]")[0].count(".")


@pytest.fixture
def platform() -> Iterator[str]:
    """A platform that answers like the one that was scaffolded, with people in it."""
    records = [
        {"bh": f"L-{n}", "lx": "路灯", "lxdh": PHONE, "ms": f"来电 {PHONE} 反映灯杆倾斜",
         "sbsj": "2026-11-20 08:30:00", "zt": "办理中", "gxsj": "2026-11-20 09:00:00"}
        for n in range(1, 9)
    ]  # fmt: skip
    records[1]["bh"] = ""
    records[2]["sbsj"] = "昨天"
    records[3]["sbsj"] = None

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = {"code": "0000", "data": {"total": len(records), "list": records}}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/list"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("transport", sorted(KINDS))
def test_a_new_platform_passes_the_contract_as_it_is_written(tree, transport):
    done = run(tree, "etl", "new", KEY, "--transport", transport)
    assert done.returncode == 0, done.stderr
    assert f"etl/platforms/{KEY}.py" in done.stdout
    assert contract(tree) >= 8
    lint = run(tree, "ruff", "check", f"etl/platforms/{KEY}.py")
    assert lint.returncode == 0, lint.stdout
    again = run(tree, "etl", "new", KEY)
    assert again.returncode == 2
    assert again.stderr.startswith(f"{KEY}: is there already")


@pytest.mark.slow
def test_the_recipe_ends_with_a_masked_fixture_and_a_platform_that_is_connected(tree, platform):
    assert run(tree, "etl", "new", KEY).returncode == 0
    config = tree / "config" / "platforms.toml"
    text = config.read_text(encoding="utf-8")
    assert text.count("https://platform.example/api/list") == 1
    config.write_text(text.replace("https://platform.example/api/list", platform), "utf-8")
    tried = run(tree, "etl", "try", KEY)
    assert tried.returncode == 0, tried.stderr
    for said in (
        f"{KEY}: rest, first page",
        f"{KEY}_record: 7 rows",
        "编号=L-1，类型=路灯，联系电话=139****5678",
        "rejected 1: 缺编号",
        "quarantined 1: 缺上报时间",
        "would load 5 of 8; nothing was written",
    ):
        assert said in tried.stdout, tried.stdout
    assert PHONE not in tried.stdout
    assert not (tree.parent / "var" / "raw").exists()
    refused = run(tree, "etl", "record", KEY)
    assert refused.returncode == 2 and "--replace" in refused.stderr
    recorded = run(tree, "etl", "record", KEY, "--replace", "--records", "4")
    assert recorded.returncode == 0, recorded.stderr
    fixture = tree / "tests" / "fixtures" / "platforms" / KEY
    payload = json.loads((fixture / "payload.json").read_text(encoding="utf-8"))
    assert len(payload["data"]["list"]) == 4
    assert PHONE not in (fixture / "payload.json").read_text(encoding="utf-8")
    assert payload["data"]["list"][0]["ms"] == "来电 139****5678 反映灯杆倾斜"
    assert contract(tree) >= 8


def test_a_word_that_cannot_name_a_platform_is_refused(tree):
    before = sorted(path for path in tree.rglob("*.py"))
    words = ["A", "street light", "../x", "1st", "street-light"]
    program = "import sys; from etl.__main__ import main;"
    program += "print([main(['new', word]) for word in sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=tree, env=environment(tree), capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[2, 2, 2, 2, 2]", done.stderr
    said = done.stderr.strip().splitlines()
    for word, line in zip(words, said, strict=True):
        assert word in line and "cannot name a platform" in line
    assert sorted(path for path in tree.rglob("*.py")) == before


def test_a_platform_that_does_not_answer_is_one_sentence(tree):
    assert run(tree, "etl", "new", KEY).returncode == 0
    config = tree / "config" / "platforms.toml"
    text = config.read_text(encoding="utf-8").replace("https://platform.example", "http://[::1]:9")
    config.write_text(text, "utf-8")
    done = run(tree, "etl", "try", KEY)
    assert done.returncode == 75 and done.stderr.startswith(f"{KEY}: ")
    assert done.stderr.count("\n") == 1
    assert run(tree, "etl", "try", "nobody").returncode == 2


def order(**more: object) -> dict:
    return {"gdbh": "H1", "sqr": "欧阳震华", "lxdh": PHONE, "slsj": "2026-11-20T08:00:00",
            "dz": "清泉社区3幢201室", "nr": f"欧阳震华（{PHONE}）住3幢201室", **more}  # fmt: skip


def hotline(*records: dict) -> bytes:
    answer = {"code": "0000", "result": {"pageData": {"records": list(records)}}}
    return json.dumps(answer, ensure_ascii=False).encode()


def test_people_are_masked_wherever_they_stand_and_the_rest_stays_as_it_was():
    made = recording.masked(
        "hotline_12345", hotline(order(zdy={"回访": f"打 {PHONE}", "张": [int(PHONE)]})), "json"
    )
    text = made.decode()
    assert "欧阳震华" not in text and PHONE not in text and "201室" not in text
    (row,) = (row for name, row in hotline_12345.parse(made) if name == "hotline_order")
    assert row["caller_name"] == "欧阳**"
    assert row["received_at"] == "2026-11-20T08:00:00"
    assert json.loads(row["extra"]) == {"zdy": {"回访": "打 139****5678", "张": ["139****5678"]}}


def test_messages_are_masked_inside_their_bodies():
    body = json.dumps(order(), ensure_ascii=False)
    line = json.dumps({"at": "2026-11-20T08:00:00", "body": body}).encode() + b"\n"
    made = recording._walk(json.loads(line), recording.masking("hotline_12345", hotline(order())))
    assert json.loads(made["body"])["sqr"] == "欧阳**"


def book(*rows: list) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.set_properties({"author": "张某某"})
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_workbook_is_masked_cell_by_cell_and_can_still_be_read():
    labels = ["信访编号", "信访形式", "信访人", "联系电话", "信访事项", "登记时间"]
    payload = book(
        labels,
        ["X1", "来访", "王五", int(PHONE), f"王五 & 邻居 <{PHONE}>", "2026-11-20"],
        ["X2", "来信", "赵六", PHONE, "噪声", "2026-11-21"],
    )
    made = recording.masked("petition", payload, "xlsx")
    with zipfile.ZipFile(BytesIO(made)) as parts:
        everything = "".join(parts.read(name).decode() for name in parts.namelist())
    assert PHONE not in everything and "王五" not in everything and "张某某" not in everything
    rows = [row for _, row in petition.parse(made)]
    assert [row["petition_no"] for row in rows] == ["X1", "X2"]
    assert [row["phone"] for row in rows] == ["10000000000", "139****5678"]
    assert rows[0]["summary"] == "王* & 邻居 <139****5678>"


def test_a_number_left_in_a_column_nobody_marked_is_refused():
    table = hotline_12345.TABLES["hotline_order"]
    assert not table.columns["order_no"].personal
    made = recording.masked("hotline_12345", hotline(order(gdbh=PHONE)), "json")
    assert PHONE.encode() not in made  # numbers are found by their shape as well
    with pytest.raises(Refused, match="cannot be masked"):
        recording._text("petition", b"\xff\xfe\x81\xff", str.upper, 5, is_table=False)


def test_frames_of_telemetry_name_nobody_and_stay_as_they_are():
    frames = (ROOT / "tests/fixtures/platforms/gauge/payload.hex").read_bytes()
    assert recording.masked("gauge", frames, "hex") == frames
