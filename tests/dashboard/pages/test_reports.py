import json
from datetime import datetime
from types import SimpleNamespace

import pytest

from dashboard.gate import caller
from dashboard.gate.refusal import Refused
from dashboard.pages import reports
from dashboard.pages.state import parse
from dashboard.reports.errors import NotReady, ReportFailed
from warehouse.errors import QueryFailed

NOW = datetime(2026, 9, 30, 9, 44)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path / "reports"


@pytest.mark.parametrize(
    ("search", "key"),
    [
        ("", "2026-W39"),  # without a word: the last finished week
        ("?period=2026-W38", "2026-W38"),
        ("?period=2026-W40-fri", "2026-W40-fri"),
        ("?period=2026-ytd", "2026-W39"),  # only weeks have a weekly report
        ("?period=moon", "2026-W39"),
    ],
)
def test_the_week_is_that_of_the_address(search, key):
    assert reports.week(parse("/reports", search), NOW).key == key


def test_a_new_snapshot_leaves_the_form_and_what_became_of_it_alone(served, folder):
    assert served.render.beat(served.pages, "/reports")[0] is None
    served.town.current = lambda: None  # nothing is published yet: the form comes with the figures
    assert served.render.beat(served.pages, "/reports")[0] is not None


def test_the_form_offers_weeks_formats_and_the_button(served, folder, words):
    body = served.render.page(served.pages, parse("/reports", "?period=2026-W39"))[2]
    text = words(body)
    assert "生成第39周周报" in text
    assert "2026年第40周" in text and "未完" in text
    assert "还没有生成过报告" in text


def test_the_list_holds_what_was_made(folder, words):
    one = folder / "abc"
    one.mkdir(parents=True)
    names = {"docx": "weekly-2026-W39.docx", "pdf": "weekly-2026-W39.pdf"}
    (one / "facts.json").write_text(json.dumps({"files": names, "by": "user:li"}), encoding="utf-8")
    for name, text in (("broken", "{"), ("empty", "{}"), ("list", "[1]")):
        (folder / name).mkdir()
        (folder / name / "facts.json").write_text(text, encoding="utf-8")
    with caller.asking(caller.Caller("wang", "unit", "-", units=("城管中队",))):
        assert words(reports.made()).count("周报 ") == 0, "a unit sees only its own reports"
    with caller.asking(caller.Caller("li", "leader", "-")):
        text = words(reports.made())
    assert text.count("周报 ") == 1
    assert "2026年9月21日—9月27日" in text
    assert "随数据变动" in text
    assert text.endswith("DOCXPDF")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused(429, "生成报告过于频繁", "每十分钟至多二十份"), "没有生成：生成报告过于频繁"),
        (NotReady("x"), "没有生成：还没有可用的数据"),
        (ReportFailed("font missing"), "没有生成：文件没有做成。编号 E-"),
        (QueryFailed("q", "slow"), "没有生成：数据没有取到。编号 E-"),
    ],
)
def test_a_report_that_was_not_made_says_why(served, folder, monkeypatch, error, said):
    def fail(_order):
        raise error

    monkeypatch.setattr(reports.desk, "make", fail)
    assert reports.make("/reports", "?period=2026-W39", ["pdf"])[0].startswith(said)


def test_the_order_holds_the_week_and_only_known_formats(served, folder, monkeypatch):
    orders = []
    monkeypatch.setattr(reports.desk, "make", orders.append)
    said, _ = reports.make("/reports", "?period=2026-W38", ["pdf", "exe", 7])
    assert said == "已生成第38周周报，见“已生成的报告”。"
    assert [(one.period, one.formats) for one in orders] == [("2026-W38", ["pdf"])]
    for nothing in ([], None, "pdf", ["exe"]):
        assert reports.make("/reports", "", nothing)[0] == "请至少选一种格式。"
    assert len(orders) == 1


def test_a_kept_issue_is_told_with_its_corrections(folder, monkeypatch):
    kept = SimpleNamespace(revision=1)
    monkeypatch.setattr(reports, "issued", lambda *_: kept)
    assert reports._state("2026-W39") == "已存档"
    kept.revision = 3
    assert reports._state("2026-W39") == "已存档，第 2 次更正"
