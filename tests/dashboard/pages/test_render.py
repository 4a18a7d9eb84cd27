import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from dashboard.gate.rules import LEADER
from dashboard.pages import reading
from dashboard.pages.app import ROLES
from dashboard.pages.state import parse
from tests.dashboard.pages.conftest import platform_states
from warehouse.errors import QueryFailed

PATHS = ("/", "/hotline", "/mediation", "/flood")
UNEXPECTED = reading.unexpected  # before a fixture makes it fail
ALLOWED = {"MT", "NJ", "Esc", "XLSX", "CSV", "DOCX", "PDF", "Word", "Excel", "mm", "m", "s", "h"}


def page(served, path, search=""):
    return served.render.page(served.pages, parse(path, search))


@pytest.mark.parametrize("path", [*PATHS, "/reports"])
@pytest.mark.parametrize("search", ["", "?period=2026-W39", "?period=2025", "?period=2026-flood"])
def test_every_page_draws_every_period_without_an_english_word(served, path, search, words):
    text = words(list(page(served, path, search)))
    assert set(re.findall(r"[A-Za-z]+", text)) <= ALLOWED
    assert "None" not in text
    assert "未取到" not in text and "没取到" not in text
    assert not re.search(r"[，。；：？！]\s*[,.;:?!](?!\d)", text)


@pytest.mark.parametrize("path", PATHS)
def test_a_period_without_a_single_case_draws(served, path, words):
    text = words(list(page(served, path, "?period=2001-03")))
    assert "没取到" not in text


def test_the_figures_of_a_page_come_from_one_snapshot(served, nodes):
    _, head, body, *_ = page(served, "/mediation", "?period=2026-ytd")
    gens = {
        re.search(r"gen=(\d+)", node.href)[1]
        for node in nodes([head, body])
        if "gen=" in str(getattr(node, "href", ""))
    }
    assert gens == {"48217"}


def test_a_refresh_keeps_filters_and_period_in_every_link(served, nodes):
    search = "?period=2026-08&community=320117005001"
    served.town.number += 1
    served.town.kept = (*served.town.kept, served.town.number)
    _, _, body, *_ = page(served, "/hotline", search)
    doors = [n.href for n in nodes(body) if "door" in str(getattr(n, "className", ""))]
    assert doors
    assert all("period=2026-08" in href and "p-community=3201170" in href for href in doors)
    assert sum("p-community=320117005001" in href for href in doors) > len(doors) / 2


def test_a_silent_platform_greys_its_panels_and_says_since_when(served, monkeypatch, words):
    stale = [
        SimpleNamespace(**{**vars(state), "state": "stale", "age_s": 11520,
                           "last_success": state.last_success - timedelta(hours=3)})
        for state in served.render.health.states()
    ]  # fmt: skip
    monkeypatch.setattr(served.render.health, "states", lambda *_: stale)
    text = words(page(served, "/mediation", "?period=2026-ytd")[2])
    assert "断 3 时 13 分" in text
    assert "此数不是现在的数。" in text
    assert "72.2%" in text  # the old figure is neither removed nor replaced


def test_home_and_map_say_of_a_silent_platform_that_its_figures_are_old(
    served, monkeypatch, words, nodes
):
    states = platform_states(timedelta(hours=3), "stale")
    monkeypatch.setattr(served.render.health, "states", lambda *_: states)
    body = page(served, "/")[2]
    muted = [words(n) for n in nodes(body) if "muted" in str(getattr(n, "className", "")).split()]
    assert any(text.startswith("水位超警戒 此刻") for text in muted)
    assert all("断 3 时，不是现在的数" in text for text in muted) and len(muted) == 5
    told = words(page(served, "/map")[2])
    assert "底色的平台断 3 时，不是现在的数" in told
    assert told.count("断 3 时，不是现在的数") > 3


@pytest.mark.parametrize("path", ["/land", "/mediation"])
def test_a_list_without_rows_says_so(served, path, words):
    body = words(page(served, path, "?period=2019")[2])
    assert "本期没有可计的件，放宽时段或筛选再看。" in body


def test_one_panel_that_fails_leaves_the_others(served, monkeypatch, words):
    def fail(*_args, **_more):
        raise QueryFailed("mediation_flow", "stopped after 10 s")

    monkeypatch.setattr(served.town, "query", fail)
    text = words(page(served, "/mediation", "?period=2026-ytd")[2])
    assert "这一块没取到查询被中止。编号 E-" in text
    assert "72.2%" in text
    assert "Traceback" not in text and "stopped" not in text


def test_a_fault_of_ours_in_one_panel_leaves_the_others(served, monkeypatch, words):
    def fail(*_args, **_more):
        raise KeyError("opening")

    monkeypatch.setattr(reading, "unexpected", UNEXPECTED)
    monkeypatch.setattr(served.town, "query", fail)
    text = words(page(served, "/mediation", "?period=2026-ytd")[2])
    assert "这一块没取到程序出错，请把编号告诉管理员。编号 E-" in text
    assert "72.2%" in text and "opening" not in text


def test_the_first_load_is_told_in_words_and_figures(served, monkeypatch, words):
    load = SimpleNamespace(key="h", name="12345热线", phase="正在取历史", done=4200, total=9000)
    monkeypatch.setattr(served.render.health, "first_load", lambda *_: [load])
    monkeypatch.setattr(served.town, "current", lambda: None)
    _, _, body, foot, _ = page(served, "/hotline")
    assert "12345热线正在取历史4200 / 9000 行" in words(body)
    assert "还没有发布过数据快照" in words(foot)


def test_a_platform_that_never_delivered_leaves_words_not_zeros(served, monkeypatch, words):
    never = [
        SimpleNamespace(**{**vars(s), "last_success": None, "age_s": None, "state": "stale"})
        if s.key == "hotline_12345"
        else s
        for s in served.render.health.states()
    ]
    monkeypatch.setattr(served.render.health, "states", lambda *_: never)
    text = words(page(served, "/")[2])
    assert "12345热线还没有到过数" in text


def test_unknown_words_of_an_address_are_marked_on_the_page(served, words, nodes):
    _, head, *_ = page(served, "/hotline", "?community=999&foo=bar")
    text = words(head)
    assert "未识别：社区 999" in text
    assert "未识别：foo bar" in text
    gone = [n.href for n in nodes(head) if "unknown" in str(getattr(n, "className", ""))]
    assert gone == ["/hotline?foo=bar", "/hotline?community=999"]


def test_an_unknown_path_is_the_home_page(served, words):
    assert "变了什么" in words(page(served, "/nowhere")[2])


def test_the_bar_shows_only_pages_that_the_reader_may_open(served, words, nodes):
    top = page(served, "/hotline")[0]
    links = [n.href for n in nodes(top) if getattr(n, "className", "").startswith("item")]
    shown = [one.PATH for one in served.pages if one.SHORT and LEADER in ROLES[one.PATH]]
    assert links == shown
    assert "/case" not in links
    assert "演示数据" in words(top)
    assert "李**（领导）" in words(top)


def test_a_beat_draws_anew_only_when_something_changed(served):
    before, clock, age, *_ = served.render.beat(served.pages, "/hotline")
    assert before == served.render.beat(served.pages, "/hotline")[0]
    assert clock == "9月30日 周三 09:44"
    assert age
    served.town.number += 1
    assert served.render.beat(served.pages, "/hotline")[0] != before


def test_home_says_its_sentence_and_the_parts_of_what_is_late(served, words):
    _, head, body, *_ = page(served, "/", "?period=2026-W40")
    assert "水位过警戒，明天起放假 7 天，" in words(head)
    assert "Ⅲ级 较大 · 防汛" in words(head)
    text = words(body)
    assert "65/90 · 139/143" in text
    late = re.search(r"超期 (\d+) 件 = ((?:[^\d\s]+ \d+ \+ )*[^\d\s]+ \d+)", text)
    assert int(late[1]) == sum(int(part) for part in re.findall(r" (\d+)", late[2]))
    assert "热线" in late[2] and "网格" in late[2]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["metric", "rows", "query"])
def test_whatever_question_fails_the_page_stands_and_says_so(
    served, monkeypatch, words, path, kind
):
    def fail(*_args, **_more):
        raise QueryFailed(kind, "Binder Error: x")

    monkeypatch.setattr(served.town, kind, fail)
    _, head, body, foot, _ = page(served, path, "?period=2026-ytd")
    assert words(head)
    assert "Binder" not in words([head, body])
    assert "第 48217 号" in words(foot)
