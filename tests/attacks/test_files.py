"""Files that people take away: no way out of a folder (S9), no formula in a sheet (S10)."""

import asyncio
import csv
import io
import json
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from cases import tokens
from dashboard import source
from dashboard.exports import files
from tests.attacks.payloads import SHEET, WEB, traversals
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.sec
DOORS = ("/api/v1/reports/", "/assets/fonts/", "/assets/lib/", "/assets/pages/", "/assets/",
         "/wall/frame/assets/", "/_dash-component-suites/dash/",
         "/api/v1/metrics/hotline_received/", "/case/demo:hotline_12345/")  # fmt: skip
REPORT = "S" * 43
CANARY = b"canary-of-the-inside"


@pytest.fixture
def leader(house, store):
    """A leader's program, and a leader's own words for the folder."""
    token = tokens.create(store, "leader", "prober")
    return Visitor(house[1], {"authorization": f"Bearer {token}"})


@pytest.fixture
def canary(store):
    """A file beside every folder that is served, which nobody may ever get."""
    (store.var / "canary.pdf").write_bytes(CANARY)
    yield store.var / "canary.pdf"
    (store.var / "canary.pdf").unlink()


def test_s9_five_hundred_ways_out_of_every_folder_lead_nowhere(leader, canary):
    tried, got = 0, []

    async def all_of_it():
        nonlocal tried
        for number, way in enumerate(traversals()):
            # each way at three doors, all doors in turn; and as the id and the format of a report
            for door in (DOORS[number % len(DOORS)], DOORS[0], f"{DOORS[0]}{REPORT}/"):
                path = (door + way).encode("utf-8").decode("latin-1")
                answer = await leader._ask("GET", path, b"", {}, None, "10.0.0.7")
                tried += 1
                inside = b"root:" in answer.body or CANARY in answer.body
                if answer.status not in (400, 401, 403, 404, 405, 421) or inside:
                    got.append((path, answer.status))

    asyncio.run(all_of_it())
    assert tried == 1_500 and got == []


def test_s9_a_report_is_never_a_link_to_something_else(leader, canary):
    folder = source.data().store.var / "reports" / REPORT
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in (("link.pdf", canary), ("../canary.pdf", None), (str(canary), None)):
        facts = {"files": {"pdf": name}, "by": "user:x"}
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
        if target is not None:
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(target)
        answer = leader.get(f"/api/v1/reports/{REPORT}/pdf")
        assert answer.status == 404 and CANARY not in answer.body, name


def test_s9_a_made_report_comes_under_its_own_name(leader, store):
    folder = source.data().store.var / "reports" / ("T" * 43)
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"files": {"pdf": "weekly-2026-W47.pdf"}, "by": "user:x"}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "weekly-2026-W47.pdf").write_bytes(b"%PDF")
    answer = leader.get(f"/api/v1/reports/{'T' * 43}/pdf")
    assert answer.status == 200
    assert answer.header("content-disposition") == 'attachment; filename="weekly-2026-W47.pdf"'


ROWS = [[text, number, None] for number, text in enumerate(SHEET + WEB[::10])]


def test_s10_a_book_holds_neither_formula_nor_link_and_gives_every_text_back(tmp_path):
    path = tmp_path / "rows.xlsx"
    told = [("指标", SHEET[0]), *((text, text) for text in SHEET)]
    files.write_xlsx(path, ["=1+1", "数", "空"], [ROWS], told, SHEET[7])
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8")
            assert "<f>" not in text and "<f " not in text, name
            assert "<hyperlink" not in text and "externalLink" not in text, name
            assert 'TargetMode="External"' not in text, name
    read = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("案件").to_python()
    assert [row[0] for row in read[1:]] == [text for text, *_ in ROWS]
    assert read[0][:2] == ["=1+1", "数"]


def test_s10_a_line_of_csv_starts_no_formula_and_gives_every_text_back():
    content = b"".join(files.as_csv(["=1+1"], [[[text] for text, *_ in ROWS]]))
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(read) == len(ROWS) + 1
    for (cell,), (text, *_) in zip(read[1:], ROWS, strict=True):
        seen = cell.lstrip(" \u3000\u200b\ufeff\u00a0")
        assert not seen.startswith(("=", "+", "-", "@", "\t", "\r", "\n", *"＝＋－＠")), text
        assert cell in (text, f"'{text}")
    assert read[0][0] == "'=1+1"
