"""F20, F25: the snapshot is pulled away from under the web, or a question never ends.

The last figures are shown with their age, `/readyz` says why, and no address of pages, wall or API
answers with an error page.
"""

# ruff: noqa: F811 - a fixture is imported, then asked for by its name

import json
import re
import shutil
from datetime import timedelta

import pytest

from cases import heartbeat
from cases.schema import marks
from cases.store import real_now
from config import clock
from dashboard import source
from dashboard.gate.caller import SCREEN, asking
from dashboard.pages import app as pages
from dashboard.wall.picture import chosen, pictures
from dashboard.wall.standings import standings
from tests.dashboard.test_matrix import (
    CALLS,
    NOW,
    OWN,
    book,
    call_of,
    house,  # noqa: F401 - the whole server, in place of the small one
    there,  # noqa: F401 - platforms have delivered
    unpacked,
)
from warehouse import generation, opened
from warehouse.read import Reader

FRAME = next(name for name in pages.CALLBACKS if name.startswith("..top.children"))
SHEET = next(name for name in pages.CALLBACKS if name.startswith("..sheet.children"))
BEAT = next(name for name in pages.CALLBACKS if name.startswith("..generation.data"))
ROWS = "case-rows.getRowsResponse"
PROOF = "?proof=hotline_received&from=2026-11-01&to=2026-11-30"
API = ("/readyz", "/healthz", "/metrics", "/api/v1/platforms", "/api/v1/health", "/api/v1/alarms",
       "/api/v1/metrics", "/api/v1/metrics/hotline_received?from=2026-11-01&to=2026-11-20",
       "/api/v1/metrics/hotline_received/rows?from=2026-11-01&to=2026-11-20")  # fmt: skip


@pytest.fixture(autouse=True)
def mended(store):
    """Each test finds the snapshot whole, and a reader that looks anew at once."""
    serving = generation.folder(store.var)
    safe = store.var / "safe"
    if not safe.exists():
        shutil.copytree(serving, safe)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "AGAIN_S", 0.0)
        yield
    shutil.rmtree(serving)
    shutil.copytree(safe, serving)
    source.data().close()


def pointer(store):
    return generation.folder(store.var) / generation.POINTER


def gone(store):
    pointer(store).rename(pointer(store).with_name("away.json"))


def garbage(store):
    pointer(store).write_bytes(b"\x00\xff{half")


def other_words(store):
    pointer(store).write_text('{"generation": "seven"}')


def named_one_is_missing(store):
    told = json.loads(pointer(store).read_text())
    generation.write_pointer(store.var, told | {"generation": told["generation"] + 1})


def half_copied(store):
    told = json.loads(pointer(store).read_text())
    number = told["generation"] + 1
    for file in (generation.core_file, generation.mart_file):
        whole = file(store.var, number - 1).read_bytes()
        file(store.var, number).write_bytes(whole[: len(whole) // 2])
    generation.write_pointer(store.var, told | {"generation": number})


def not_a_database(store):
    told = json.loads(pointer(store).read_text())
    number = told["generation"] + 1
    for file in (generation.core_file, generation.mart_file):
        file(store.var, number).write_bytes(b"\x00garbage" * 4096)
    generation.write_pointer(store.var, told | {"generation": number})


def etl_stopped(store):
    heartbeat.beat(store, heartbeat.ETL, NOW)
    with store.writing() as connection:
        connection.execute(marks.update().values(at=real_now() - timedelta(minutes=3)))


FAULTS = {
    gone: "pointer_missing",
    garbage: "pointer_unreadable",
    other_words: "pointer_unreadable",
    named_one_is_missing: "generation_unreadable",
    half_copied: "generation_unreadable",
    not_a_database: "generation_unreadable",
    etl_stopped: "etl_silent",
}


def ask(gate, someone, name, path, search="", values=None):
    call = call_of(book(gate)._declared[name], name, values or {})
    for one in (*call["inputs"], *call["state"]):
        if isinstance(one, dict) and one["id"] == "url":
            one["value"] = path if one["property"] == "pathname" else search
    return someone.post(
        CALLS, json.dumps(call).encode(), headers={"content-type": "application/json"}
    )


def codes(program):
    answer = program.get("/readyz")
    return answer.status, [reason["code"] for reason in answer.json()["reasons"]]


def wall_is_drawn():
    profile, scene = chosen("?profile=lcd_7x3&scene=overview")
    with asking(SCREEN):
        return pictures.current(profile, scene, int(clock.now().timestamp()))


@pytest.mark.parametrize("begun", [True, False], ids=["while it runs", "before it starts"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_last_figures_stay_with_their_age_and_readiness_says_why(
    gate, visitor, store, there, fault, begun
):
    leader, program = visitor("leader"), visitor(token="leader")
    if begun:
        assert codes(program) == (200, [])
    fault(store)
    status, told = codes(program)
    assert (status, FAULTS[fault] in told) == (503, True), told
    page = unpacked(ask(gate, leader, FRAME, "/hotline"))
    assert "下面是 11-23 12:00 的数字" in page and "值班工程师" in page
    assert "这一块没取到" not in page and "首次装载" not in page
    figure = program.get(API[7]).json()
    assert figure["numerator"] == 13, "the last snapshot's"
    wall_is_drawn()


def tried(gate, someone, program):
    """Every page, callback and address of the API by what it was and its answer."""
    request = {"startRow": 0, "endRow": 100, "sortModel": []}
    values = {"case-rows": request, "report-make": 1, "report-formats": ["xlsx"]}
    for path in (*pages.PATHS, f"/case/demo:hotline_12345/{OWN}1"):
        yield path, someone.get(path)
        for name in (FRAME, BEAT):
            yield (path, name), ask(gate, someone, name, path)
    for name in book(gate).roles:
        for search in ("", PROOF, f"{PROOF}&rows=1"):
            yield (name, search), ask(gate, someone, name, "/hotline", search, values)
    for path in API:
        yield path, program.get(path)


def is_told(answer):
    """What a program is answered when there is nothing to answer: 503, and words with it."""
    return answer.status == 503 and {"error", "reasons"} & answer.json().keys()


def test_no_page_no_callback_and_no_address_fails_while_nothing_at_all_can_be_read(
    gate, visitor, store, there
):
    for file in generation.folder(store.var).glob("*.duckdb"):
        file.write_bytes(b"\x00garbage" * 1024)
    leader, program = visitor("leader"), visitor(token="leader")
    assert codes(leader) == (503, ["snapshot_unreadable"])
    wrong = [
        (what, answer.status, answer.body[:200])
        for what, answer in tried(gate, leader, program)
        if answer.status >= 500 and not (what in API and is_told(answer))
    ]
    assert wrong == []
    assert "没取到" in unpacked(ask(gate, leader, FRAME, "/hotline"))
    wall_is_drawn()
    assert standings.current(standings.stamp()).chosen is not None, "alarms wait for no snapshot"


def test_a_copy_that_comes_in_late_is_taken_up_by_itself(gate, visitor, store, there):
    program = visitor(token="leader")
    assert codes(program) == (200, [])
    half_copied(store)
    assert codes(program)[0] == 503
    number = json.loads(pointer(store).read_text())["generation"]
    for file in (generation.core_file, generation.mart_file):
        shutil.copyfile(file(store.var, number - 1), file(store.var, number))
    assert codes(program) == (200, [])


def test_a_generation_that_is_damaged_while_it_is_read_gives_way_to_the_one_before(store):
    told = json.loads(pointer(store).read_text())
    number = told["generation"]
    for file in (generation.core_file, generation.mart_file):
        shutil.copyfile(file(store.var, number), file(store.var, number + 1))
    generation.write_pointer(store.var, told | {"generation": number + 1})
    reader = Reader(store.var)
    assert reader.current().trouble == ""
    snapshot = reader._opened.newest()
    snapshot.spoiled = "damaged"
    assert reader.current().trouble == "generation_unreadable"
    assert reader._opened.newest().mart == generation.mart_file(store.var, number)
    reader.close()


ENDLESS = "SELECT count(*) FROM range(100000000000) AS t(i) WHERE i % 7 = 3"


def test_a_question_that_takes_too_long_is_told_in_a_plain_sentence(
    gate, visitor, store, there, monkeypatch
):
    """The huge drill-down of a page, a proof, a table and the API: all of them are cut short."""
    hasty = Reader(store.var, seconds=0.05)  # other questions have their usual time
    leader, program = visitor("leader"), visitor(token="leader")

    def endless(*_args, **_more):
        with hasty._reading(None) as snapshot:
            return snapshot.rows("endless", ENDLESS)

    monkeypatch.setattr(Reader, "rows", endless)
    plain = re.compile("要算的太多，0.05 秒没算完，已停下。请缩短时段或加上筛选。")
    request = {"startRow": 0, "endRow": 100, "sortModel": []}
    answers = {
        "proof": ask(gate, leader, SHEET, "/hotline", PROOF),
        "table": ask(gate, leader, ROWS, "/hotline", f"{PROOF}&rows=1", {"case-rows": request}),
        "page": ask(gate, leader, FRAME, "/hotline"),
    }
    for name, answer in answers.items():
        assert answer.status == 200, name
        assert plain.search(unpacked(answer)), name
    refused = program.get(API[8])
    assert (refused.status, refused.json()["error"]["code"]) == (503, "query_failed")
    assert program.get(API[7]).status == 200, "others are answered meanwhile"
    hasty.close()


def test_a_leaders_question_ends_after_five_seconds():
    assert source.data()._reader._opened._limits["seconds"] == 5.0
