from dataclasses import replace
from datetime import date

import pytest

from dashboard.pages.state import parse
from dashboard.panels import mediation_flow, mediation_line, mediation_month, mediation_unit

YTD = "?period=2026-ytd"


@pytest.fixture
def page(served):
    return served.render.page(served.pages, parse("/mediation", YTD))[2]


def test_both_lines_stand_with_their_fraction_and_are_never_added(page, words):
    text = words(page)
    assert "72.2%65/90件次 · 完结/受理" in text
    assert "97.2%139/143起 · 完结/受理" in text
    assert "两线单位不同（件次、起），不相加；若假定互不重叠则 204/233 = 87.6 %" in text


def test_the_parts_of_the_open_cases_add_up(page, words):
    text = words(page)
    assert "完结 65在办 25 = 正常 17 + 临期 5 + 超期 3" in text
    assert "完结 139在办 4 = 正常 3 + 临期 1 + 超期 0" in text


def test_the_change_is_told_in_points_with_the_older_fraction(page, words):
    text = words(page)
    assert "较去年同期提高 7.6 个百分点（62/96 = 64.6 %，完结计至2025年9月30日）" in text
    assert "受理 90，去年同期 96，下降 6.3 %" in text
    assert "较去年同期提高 4.8 个百分点（121/131 = 92.4 %，完结计至2025年9月30日）" in text
    assert "受理 143，去年同期 131，上升 9.2 %" in text


def test_the_balance_proves_the_lines(page, words):
    text = words(page)
    assert "完结 71 = 本期受理 65 + 上期结转 6；受理 93 − 剔除 3 = 分母 90" in text
    assert "完结 142 = 本期受理 139 + 上期结转 3；受理 145 − 剔除 2 = 分母 143" in text
    assert text.count("✓ 差 0") == 2


@pytest.mark.parametrize("area", ["places", "types", "links"])
def test_every_breakdown_adds_up_to_its_line(page, nodes, area):
    panel = next(node for node in nodes(page) if f"a-{area}" in str(getattr(node, "className", "")))
    sums = {0: [0, 0], 1: [0, 0]}
    rows = [n for n in nodes(panel) if getattr(n, "className", "") == "split-row"]
    for row in rows:
        for column, bar in enumerate(row.children[1:]):
            fraction = bar.children[1]
            if "zero" in fraction.className:
                continue
            num, den = fraction.children[0].children, fraction.children[1].removeprefix("/")
            sums[column][0] += int(num)
            sums[column][1] += int(den)
    assert sums == {0: [65, 90], 1: [139, 143]}


def test_the_months_add_up_to_the_lines(page, nodes):
    panel = next(n for n in nodes(page) if "a-months" in str(getattr(n, "className", "")))
    doors = [n for n in nodes(panel) if "door" in str(getattr(n, "className", ""))]
    pairs = [(int(d.children[0].children), int(d.children[1][1:])) for d in doors]
    assert len(pairs) == 18
    assert [sum(p) for p in zip(*pairs[:9], strict=True)] == [65, 90]
    assert [sum(p) for p in zip(*pairs[9:], strict=True)] == [139, 143]


def test_units_with_few_cases_are_listed_and_not_ranked(page, nodes, words):
    panel = next(n for n in nodes(page) if "a-units" in str(getattr(n, "className", "")))
    text = words(panel)
    assert "不分档不足 10 起" in text
    assert "物业办 9/9" in text
    names = [words(n) for n in nodes(panel) if getattr(n, "className", "") == "unit-name"]
    assert names == ["司法所", "派出所", "洪蓝法庭", "信访办"]  # inside a band: the list's order


def test_the_open_cases_count_what_their_list_holds(page, words):
    text = words(page)
    assert "在办 29超期 3临期 6（2 个工作日内）" in text
    assert "打开全部 29 件 →" in text


def test_the_number_of_an_open_case_opens_its_page(page, nodes, words):
    panel = next(n for n in nodes(page) if "a-cases" in str(getattr(n, "className", "")))
    links = [n for n in nodes(panel) if "case-no" in str(getattr(n, "className", ""))]
    assert len(links) == 8
    assert all(n.href == f"/case/demo:mediation/{words(n)}" for n in links)


def test_a_line_alone_leaves_no_hole(served, words):
    body = served.render.page(served.pages, parse("/mediation", f"{YTD}&line=unit"))[2]
    assert "72.2" not in words(body)
    assert "line-centre" not in body.style["--wide"]
    rows = body.style["--wide"].strip('"').split('" "')
    assert {len(row.split()) for row in rows} == {12}


def test_a_past_period_judges_its_stock_at_its_end(served, words):
    body = served.render.page(served.pages, parse("/mediation", "?period=2026-08"))[2]
    assert "8月31日在办案件" in words(body)


def test_an_empty_line_draws(words):
    text = words(mediation_line.view(mediation_line.Line(0, 0, "起")))
    assert "—0/0起" in text
    before = [mediation_line.Before("去年同期", 0, 0)]
    text = words(mediation_line.view(mediation_line.Line(0, 0, "起", before=before)))
    assert "去年同期没有受理，无从比较" in text


def test_a_line_of_few_cases_shows_no_percentage(words):
    before = [mediation_line.Before("去年同期", 3, 4)]
    text = words(mediation_line.view(mediation_line.Line(2, 5, "件次", before=before)))
    assert "%" not in text
    assert "2/5" in text
    assert "去年同期完结 3/4，件数少，不比升降" in text


def test_a_balance_that_does_not_hold_says_so(words):
    flow = mediation_flow.Flow("中心牵头", "件次", 6, 93, 71, 3, 24, 65, 90, 3)
    text = words(mediation_flow.view(mediation_flow.Balance([flow], "1月1日", "现在在办")))
    assert "差 1，待核" in text


def test_months_draw_empty_and_alone(words):
    empty = mediation_month.Months("单位", "起", [])
    one = mediation_month.Months("单位", "起", [mediation_month.Month("9月", 0, 0)])
    assert "单位 起" in words(mediation_month.view([empty]))
    assert "9月" in words(mediation_month.view([one]))


def test_bands_draw_empty_and_alone(words):
    assert "无" in words(mediation_unit.view(mediation_unit.Units([], [0.95, 0.85])))
    one = mediation_unit.Units([mediation_unit.Unit("派出所", 34, 35)], [0.95, 0.85])
    assert "派出所34/3597.1 %" in words(mediation_unit.view(one))


def test_the_page_asks_only_within_its_days(served):
    state = parse("/mediation", YTD)
    view = served.render.glass(next(p for p in served.pages if p.PATH == "/mediation"), state)
    assert view.want.span.first == date(2026, 1, 1)
    assert view.want.span.same


def test_a_changed_definition_is_a_line_in_its_month_and_a_sentence(served, monkeypatch, words):
    rate = "mediation_completion_rate"
    known = dict(served.town.definitions())
    known[rate] = replace(known[rate], version=3, changed=date(2026, 7, 1))
    monkeypatch.setattr(served.town, "definitions", lambda: known)
    body = served.render.page(served.pages, parse("/mediation", YTD))[2]
    assert "竖线：7月1日起用口径第 3 版，此前已按新口径重算" in words(body)
