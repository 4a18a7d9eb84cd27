"""What the export's child process writes: the table's rows in its order, the caller's alone."""

import csv
import io
import subprocess
import sys
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from dashboard.exports import child
from dashboard.exports.order import Order
from warehouse.read import MetricQuery, Scope, Sift


@pytest.fixture
def ordered(town, order):
    """An export of five orders of two units."""
    town.load(
        "hotline_order",
        [
            order(
                n,
                f"2026-11-{2 + n:02} 08:00:00",
                title=f"=1+{n} 路灯" if n else "井盖",
                unit_main=f"单位{n % 2}",
                community_code="320117005001",
            )
            for n in range(5)
        ],
    )
    town.publish()

    def make(form="csv", sift=None, scope=None, sort="key"):
        return Order(
            form=form,
            metric="hotline_received",
            query=MetricQuery(date(2026, 11, 1), date(2026, 11, 30), scope=scope),
            only=None,
            sort=sort,
            sift=sift or Sift(),
            generation=None,
            columns=[("key", "编号"), ("title", "标题"), ("community", "社区"), ("unit", "单位")],
            names={"community": {"320117005001": "甲村"}},
            var=str(town.var),
        )

    return make


def lines(content: bytes):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_has_the_rows_in_order_with_names_for_codes(ordered, tmp_path, monkeypatch):
    monkeypatch.setattr(child, "_BLOCK", 2)
    out = io.BytesIO()
    child.write(ordered(sort="-key"), out, tmp_path)
    read = lines(out.getvalue())
    assert read[0] == ["编号", "标题", "社区", "单位"]
    assert [row[0] for row in read[1:]] == sorted((row[0] for row in read[1:]), reverse=True)
    assert len(read) == 6 and {row[2] for row in read[1:]} == {"甲村"}
    assert sorted(row[1] for row in read[1:])[0].startswith("'=1+")


def test_the_file_has_what_is_searched_for_and_nothing_of_other_units(ordered, tmp_path):
    out = io.BytesIO()
    child.write(ordered(sift=Sift("路灯"), scope=Scope(("单位1",), ())), out, tmp_path)
    assert [row[3] for row in lines(out.getvalue())[1:]] == ["单位1", "单位1"]


def test_the_process_writes_a_book_and_leaves_nothing_behind(ordered, town):
    made = subprocess.run(
        [sys.executable, "-m", "dashboard.exports.child"],
        input=ordered("xlsx").to_text().encode() + b"\n",
        capture_output=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.stdout))
    assert len(book.get_sheet_by_name("案件").to_python()) == 6
    assert [path.name for path in (town.var / "exports").iterdir()] == ["lock"]


def test_the_process_says_why_there_are_no_rows(ordered, tmp_path):
    made = subprocess.run(
        [sys.executable, "-m", "dashboard.exports.child"],
        input=ordered(sort="caller_hash").to_text().encode() + b"\n",
        capture_output=True,
        timeout=120,
    )
    assert made.returncode == 1
    assert b"sort=caller_hash is not allowed" in made.stderr
