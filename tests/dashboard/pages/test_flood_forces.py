"""The flood page tells where teams and supplies are and which pumps run, and each of them opens."""

import re
from types import SimpleNamespace

import pytest

from dashboard.pages import proof
from dashboard.pages.state import parse
from tests.dashboard.pages import town_queries
from tests.dashboard.pages.conftest import platform_states


def page(served, path="/flood", search=""):
    return served.render.page(served.pages, parse(path, search))[2]


def area(nodes, body, name):
    return next(n for n in nodes(body) if f"a-{name}" in str(getattr(n, "className", "")).split())


def opened(served, href):
    path, _, search = href.partition("?")
    return proof.sheet(served.pages, parse(path, "?" + search))[0]


def link(nodes, where, name):
    return next(n for n in nodes(where) if getattr(n, "children", None) == name and n.href)


def test_the_page_says_where_each_team_is_what_it_does_and_whom_to_ring(served, words, nodes):
    told = words(area(nodes, page(served), "teams"))
    assert "渔浦村圩堤抢险队清泉社区渔浦圩口184作业" in told
    assert "排涝一队清泉社区驻地184待命" in told
    assert told.index("渔浦村圩堤抢险队") < told.index("排涝一队")
    assert "联系 街道应急办 内线 8033" in told


def test_a_team_opens_with_the_tasks_of_the_plans_and_without_a_persons_name(served, words, nodes):
    row = link(nodes, area(nodes, page(served), "teams"), "渔浦村圩堤抢险队")
    told = words(opened(served, row.href))
    assert "蛇山站：巡堤、加高子埝（渔浦村部）" in told and "联系街道应急办 内线 8033" in told
    assert "没有坐标" in told  # the town's map knows the other team alone


def test_what_a_store_lacks_stands_in_its_row_and_all_its_items_behind_it(served, words, nodes):
    body = page(served)
    stores = area(nodes, body, "stores")
    assert "中心仓库清泉社区2/3编织袋 4800/6000 条" in words(stores)
    assert "渔浦物资点清泉社区3/3均足额" in words(stores)
    told = words(opened(served, link(nodes, stores, "中心仓库").href))
    assert told.index("编织袋") < told.index("块石") and "不足" in told and "过期" in told


def test_a_pump_that_is_broken_or_silent_says_so_before_what_it_last_did(served, words, nodes):
    works = area(nodes, page(served), "works")
    told = words(works)
    order = [told.index(name) for name in ("苇荡圩泵站", "春和排涝站", "渔浦圩泵站", "春和闸闸站")]
    assert order == sorted(order)
    assert "断电" in told and "断 1 时 35 分" in told and "运行" in told and "关闸" in told
    sheet = words(opened(served, link(nodes, works, "苇荡圩泵站").href))
    assert "本期完好率50.0 %（144/288 次）" in sheet and "9.62 m" in sheet


def test_the_two_figures_stand_on_the_page_with_their_proofs(served, words, nodes):
    ready = area(nodes, page(served), "ready")
    told = words(ready)
    assert "5/6项最缺 编织袋 4800/6000 条" in told
    assert "83.3 %720/864 次此刻故障 1 座" in told
    for metric in ("supplies_ready", "pump_sound_rate"):
        door = next(n for n in nodes(ready) if f"proof={metric}" in str(getattr(n, "href", "")))
        assert "逐行重算相等" in words(opened(served, door.href))


def test_a_row_leads_to_the_map_and_the_map_leads_back_to_the_very_row(served, words, nodes):
    teams = area(nodes, page(served), "teams")
    (there,) = [n.href for n in nodes(teams) if str(getattr(n, "href", "")).startswith("/map")]
    drawn = page(served, *there.split("?"))
    told = words(area(nodes, drawn, "map"))
    assert "已标出 排涝一队" in told and "看全图" in told
    (marked,) = [
        feature["properties"]
        for n in nodes(drawn)
        if getattr(n, "id", "") == "map-picked"
        for feature in n.data["features"]
    ]
    assert marked["picked"] and marked["words"].startswith("防汛队伍 排涝一队")
    (frame,) = [n.hideout["frame"] for n in nodes(drawn) if getattr(n, "id", "") == "map-areas"]
    assert frame[2] - frame[0] < 0.05
    sheet = opened(served, marked["href"])
    assert "排涝一队" in words(sheet) and "PL01" in words(sheet)
    there = "/map?thing=team:XX&layers=team"
    assert "没有坐标" in words(area(nodes, page(served, *there.split("?")), "map"))


def test_an_address_of_no_team_store_or_station_says_so(served, words):
    for name in ("team/XX", "store/XX", "work/XX"):
        assert "没有这个指标" in words(opened(served, f"/flood?proof=own:{name}"))


@pytest.mark.parametrize("name", ["team_states", "supply_stock", "pump_latest"])
def test_nothing_reported_is_said_and_no_figure_is_made_up(served, monkeypatch, words, name):
    monkeypatch.setattr(town_queries, name, lambda *_: iter(()))
    told = words(page(served))
    assert "没有报来的" in told and "没取到" not in told


def test_a_silent_platform_greys_what_it_told(served, monkeypatch, nodes, words):
    stale = [SimpleNamespace(**{**vars(one), "state": "stale"}) for one in platform_states()]
    monkeypatch.setattr(served.render.health, "states", lambda *_: stale)
    for name in ("teams", "stores", "works", "ready"):
        found = area(nodes, page(served), name)
        assert "stale" in found.className and "此数不是现在的数" in words(found)


def test_the_page_speaks_chinese_with_its_forces(served, words, nodes):
    for name in ("teams", "stores", "works", "ready"):
        told = words(area(nodes, page(served), name))
        assert set(re.findall(r"[A-Za-z]+", told)) <= {"m", "h", "s"}
