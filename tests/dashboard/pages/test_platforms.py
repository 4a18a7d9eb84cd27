"""The platform page: what the case store knows, before and beside the warehouse."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from cases import damage, health, quarantine, reconciliation, runs
from cases.faults import Fault
from config import clock
from config.platforms import load_platforms
from dashboard.gate.caller import Caller
from dashboard.pages import platforms
from dashboard.pages.state import parse
from dashboard.panels import platform_table
from tests import fresh
from warehouse.read import ColumnInfo, Rows

NOW = datetime(2026, 11, 23, 10, 0)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    store = fresh.store()
    with clock.frozen(NOW):
        yield SimpleNamespace(store=store, platforms=load_platforms())
    store.close()


def page(data, search="", glass=None):
    return platforms.standing(data, parse("/platforms", search), glass)


def fetched(data, key, at, rows=0, seconds=2, **more):
    with clock.frozen(at):
        number = runs.start(data.store, key, "poll")
    with clock.frozen(at + timedelta(seconds=seconds)):
        runs.finish(data.store, number, ok=not more.get("error"), rows_in=rows, **more)


def test_every_platform_is_listed_before_anything_was_published(data, words):
    _, body = page(data)
    text = words(body)
    for platform in data.platforms.values():
        assert platform.short in text and platform.owner in text
    assert "从未到数" in text and "尚未到数" in text


def test_those_that_need_somebody_come_first_and_say_what_to_do(data, words):
    health.succeeded(data.store, "weather", NOW)
    health.failed(data.store, "gauge", NOW, "down", permanent=True, fault=Fault.LINE)
    text = words(page(data)[1])
    assert text.index("水位雨量", text.index("怎么办")) < text.index("气象", text.index("怎么办"))
    assert "请对方查服务和网络" in text and "无需处理" in text


def test_a_damaged_raw_file_is_on_the_page_although_its_lamp_is_well(data, words):
    health.succeeded(data.store, "weather", NOW)
    damage.note(data.store, damage.Damage("weather", "2026-11-20/a.gz", NOW, "is torn", 0))
    assert "已收到的原始文件损坏或丢失 气象 1 份" in words(page(data)[1])
    text = words(page(data, "?platform=weather")[1])
    assert "正常" in text and "原始文件损坏 1 份，10:00 起发现" in text
    assert "raw/weather/2026-11-20/a.gz: is torn" in text


def test_a_slip_in_the_configuration_is_on_the_page(data, words, site_files):
    site_files.put("thresholds.toml", 'kind = "lake"', 'kind = "pond"')
    text = words(page(data)[1])
    assert "配置有误 水位限值和告警等级（thresholds.toml） station 3201170001.kind 有误" in text


def test_a_lamp_in_the_address_leaves_its_platforms_only(data, words):
    health.succeeded(data.store, "weather", NOW)
    listed = words(page(data, "?lamp=fresh")[1])
    listed = listed[listed.index("怎么办") :]
    assert "气象" in listed and "水位雨量" not in listed


def test_an_unknown_platform_is_marked_and_the_list_shown(data, words):
    head, body = page(data, "?platform=moon")
    assert "没有平台 moon" in words(head) and "各平台" in words(body)


def test_the_usual_band_is_of_earlier_days_by_this_hour(data):
    for back in (1, 2, 3):
        day = NOW - timedelta(days=back)
        fetched(data, "weather", day - timedelta(hours=2), rows=100 + back)
        fetched(data, "weather", day + timedelta(hours=2), rows=1000)  # later that day
    assert runs.usual(data.store, NOW)["weather"] == [103, 102, 101]
    assert platform_table.usual_words([103, 102, 101]) == "101—103"
    assert platform_table.is_unusual(40, [103, 102, 101])
    assert not platform_table.is_unusual(90, [103, 102, 101])
    assert not platform_table.is_unusual(0, [103, 102])  # two days are no band


def test_a_run_takes_as_long_as_it_took(data, words):
    fetched(data, "weather", NOW - timedelta(minutes=1), rows=3, seconds=8)
    (run,) = runs.recent(data.store, "weather")
    assert run.finished_at - run.started_at == timedelta(seconds=8)
    assert "8.0 秒" in words(page(data, "?platform=weather")[1])


def test_one_platform_shows_runs_groups_drift_and_the_daily_check(data, words):
    fetched(
        data,
        "mediation",
        NOW - timedelta(hours=1),
        error="the answer took too long",
        fault=Fault.TIMEOUT,
    )
    health.succeeded(data.store, "mediation", NOW)
    group = quarantine.Group(
        "mediation", "demo:mediation", "mediation_case", "完结早于受理", "完结时间",
        "closed_at < accepted_at", 4, 2, NOW, NOW, 6, {"案号": "MT-1", "当事人": "张**"}, "m/x.gz",
    )  # fmt: skip
    quarantine.replace(data.store, "mediation", [group], own="demo:mediation")
    seen = quarantine.Drift("mediation", "mediation_case", "newField", "new", NOW, NOW, 9, "甲")
    quarantine.note(data.store, [seen])
    day = reconciliation.Day("mediation", date(2026, 11, 22), 5, 7, NOW, reconciliation.MISSING)
    reconciliation.keep(data.store, [day])
    text = words(page(data, "?platform=mediation")[1])
    for said in (
        "完结早于受理", "4 行", "closed_at < accepted_at", "第 7 行", "张**", "newField",
        "新增字段", "对方没有在时限内答复", "技术原文the answer took too long",
        "重取后仍少", "有行未入库",
    ):  # fmt: skip
        assert said in text, said


def test_the_rows_that_came_last_are_shown_with_their_labels(data, words):
    columns = (ColumnInfo("no", "案号", "text", ""), ColumnInfo("mm", "雨量", "double", "mm"))
    rows = Rows(columns, [{"no": "A-1", "mm": 3.5}], 1, 0, 0)
    reader = SimpleNamespace(latest=lambda source, limit: {"weather_reading": rows})
    glass = SimpleNamespace(data=SimpleNamespace(reader=reader))
    text = words(page(data, "?platform=weather", glass)[1])
    assert "雨量（mm）" in text and "A-1" in text and "3.5" in text


def test_pages_are_served_before_the_first_snapshot(data, monkeypatch, words):
    from dashboard.pages import app, render  # after the fixtures, it imports dash

    data.reader = SimpleNamespace(current=lambda: None)
    monkeypatch.setattr(render, "source_data", lambda: data)
    monkeypatch.setattr(render.caller, "current", lambda: Caller("li", "leader", "-"))
    top, head, body, foot, _ = render.page(app.PAGES, parse("/platforms", ""))
    assert "平台接入" in words(head) and "各平台" in words(body)
    assert "还没有发布过数据快照" in words(foot) and "演示数据" in words(top)


def test_every_count_over_the_platforms_opens_those_it_counts(data, words, nodes):
    health.succeeded(data.store, "weather", NOW, rows_in=9)
    health.failed(data.store, "gauge", NOW, "down", permanent=True, fault=Fault.LINE)
    body = page(data)[1]
    figures = [n for n in nodes(body) if "tile-value" in str(getattr(n, "className", ""))]
    doors = {words(n): [x.href for x in nodes(n) if getattr(x, "href", None)] for n in figures}
    assert all(href for figure, href in doors.items() if figure != "0") and "9" in doors
    listed = words(page(data, "?" + doors["9"][0].partition("?")[2])[1])
    assert "只看今日到数 ×" in listed
    assert "气象" in listed.partition("怎么办")[2]
    assert "水位雨量" not in listed.partition("怎么办")[2]
