import re
from urllib.parse import unquote

import pytest

from cases import views
from dashboard.pages import proof
from dashboard.pages.app import PAGES
from dashboard.pages.proof_parts import unrounded
from dashboard.pages.state import parse

UNIT = (
    "?period=2026-ytd&proof=mediation_completion_rate"
    "&from=2026-01-01&to=2026-09-30&p-line=unit&gen=48217"
)

FIGURES = {"tile-value", "figure-small", "rank-share"}


def sheet(served, search, path="/mediation"):
    return proof.sheet(served.pages, parse(path, search))


def test_without_a_proof_the_drawer_is_shut(served):
    assert sheet(served, "?period=2026-ytd") == (None, "sheet")


def test_the_fraction_is_proved_from_its_rows(served, words):
    children, cls = sheet(served, UNIT)
    text = words(children)
    assert cls == "sheet open"
    assert "139分子：计入的件143分母：应计的件" in text
    assert "= 0.972 027…显示 97.2 %，四舍五入一位" in text
    assert "✓ 逐行重算相等143 行，差 0" in text


def test_both_sides_of_a_share_open_their_own_rows(served, words, nodes):
    children, _ = sheet(served, UNIT)
    box = next(n for n in nodes(children) if getattr(n, "className", "") == "fraction")
    part, whole = [n for n in nodes(box) if getattr(n, "href", None)]
    assert (words(part), words(whole)) == ("139", "143")
    for door, total in ((part, "计入分子 139"), (whole, "全部 145")):
        text = words(sheet(served, "?" + door.href.partition("?")[2])[0])
        assert total in text
    assert "part=numerator" in part.href and "part=" not in whole.href


def test_it_says_what_it_must_not_be_taken_for(served, words):
    assert "中心牵头线另计：65/90 = 72.2 %，单位为件次" in words(sheet(served, UNIT)[0])


def test_exclusions_stand_by_reason_and_add_up(served, words):
    text = words(sheet(served, UNIT)[0])
    assert "剔除 2 件登记 145 = 分母 143 + 剔除 2" in text
    assert "并案1打开 1 行撤回1打开 1 行" in text


def test_the_rows_outside_the_numerator_come_first(served, words, nodes):
    children, _ = sheet(served, UNIT)
    assert "未计入分子的 4 行" in words(children)
    links = {words(n): n.href for n in nodes(children) if getattr(n, "href", None)}
    assert "rows=1" in links["打开全部 145 行"]
    assert "part=not_numerator" in links["只看未完结 4 行"]
    assert "proof" not in links["关闭 Esc"]


def test_the_number_of_a_row_opens_its_case_and_one_of_no_case_is_no_link(served, words, nodes):
    children, _ = sheet(served, "?proof=hotline_open", "/hotline")
    rows = [n for n in nodes(children) if "case-no" in str(getattr(n, "className", ""))]
    assert len(rows) == 8
    for one in rows:
        assert one.href == f"/case/demo:hotline_12345/{words(one)}"
        _, head, *_ = served.render.page(served.pages, parse(one.href, ""))
        assert words(one) in words(head)
    served.town.numbered = ()
    again = nodes(sheet(served, "?proof=hotline_open", "/hotline")[0])
    assert not any("/case/" in str(getattr(n, "href", "")) for n in again)


def test_a_link_to_a_snapshot_that_is_gone_is_answered_anew_and_says_so(served, words):
    text = words(sheet(served, UNIT.replace("48217", "100"))[0])
    assert "第 100 号快照已过保留时间，以下按第 48217 号重算" in text
    assert "139分子" in text


def test_an_older_snapshot_that_is_kept_is_used(served, words):
    text = words(sheet(served, UNIT.replace("48217", "48216"))[0])
    assert "重算。" not in text
    assert "数据快照 第 48216 号" in text


def test_an_unknown_metric_is_said_and_nothing_breaks(served, words):
    children, cls = sheet(served, "?proof=moon_phase")
    assert cls == "sheet open"
    assert "没有这个指标" in words(children)


def test_mangled_words_of_a_proof_are_answered(served, words):
    children, _ = sheet(
        served, "?proof=hotline_received&from=x&to=2026-99-99&gen=abc&part=all&p-unit=", "/hotline"
    )
    assert "✓ 逐行重算相等" in words(children)


def test_a_count_and_a_median_are_proved_too(served, words):
    for metric in ("hotline_received", "hotline_open", "hotline_handling_days"):
        text = words(sheet(served, f"?proof={metric}", "/hotline")[0])
        assert "✓ 逐行重算相等" in text, metric


def test_the_list_of_all_rows_shows_its_parts(served, words):
    children, cls = sheet(served, f"{UNIT}&rows=1")
    assert cls == "sheet open wide"
    assert "全部 145计入分子 139未计入分子 4已剔除 2" in words(children)


def test_the_unrounded_value_is_written_in_groups():
    assert unrounded(139 / 143) == "0.972 027…"
    assert unrounded(0.5) == "0.500 000"
    assert unrounded(1.0) == "1"
    assert unrounded(None) == "—"


SUBJECTS = [one.PATH for one in PAGES if one.SHORT and one.METRICS]


@pytest.mark.parametrize("path", SUBJECTS)
def test_a_tile_opens_a_proof_with_the_same_figure(served, words, nodes, path):
    """Every door of every page: its proof shows the figure; no figure is without a door."""
    _, head, body, *_ = served.render.page(served.pages, parse(path, "?period=2026-ytd&more=1"))
    figures = [n for n in nodes(body) if FIGURES & _classes(n)]
    assert [words(n) for n in figures if _is_shut(nodes(n), words(n))] == []
    doors = [n for n in nodes([head, body]) if "door" in str(getattr(n, "className", ""))]
    proofs = {n.href: words(n) for n in doors if "proof=" in n.href}
    for href, figure in proofs.items():
        search = "?" + href.partition("?")[2]
        text = words(sheet(served, search, path)[0])
        side = "✓ 两边逐行重算相等" if "&was=" in href else "✓ 逐行重算相等"
        side = figure if "proof=own:" in href else side
        assert side in text, (path, href)
    assert sum(bool(figure) for figure in proofs.values()) >= 3


def _classes(node):
    return set(str(getattr(node, "className", "") or "").split())


def _is_shut(inside, text):
    """Whether a figure that holds a number opens nothing."""
    opens = any("proof=" in str(getattr(n, "href", "")) for n in inside)
    return bool(re.search(r"\d", text)) and not opens


def test_a_sum_over_platforms_is_proved_by_its_parts(served, words, nodes):
    _, _, body, *_ = served.render.page(served.pages, parse("/", ""))
    tile = next(n for n in nodes(body) if "proof=own:open" in str(getattr(n, "href", "")))
    children, _ = sheet(served, "?" + tile.href.partition("?")[2], "/")
    parts = [n for n in nodes(children) if "door" in str(getattr(n, "className", ""))]
    assert sum(int(words(n)) for n in parts) == int(words(tile))
    assert len(parts) == 9 and "✓ 逐行重算相等" in words(children)
    assert "没有这个指标" in words(sheet(served, "?proof=own:moon", "/")[0])


def test_a_step_is_proved_by_both_sides_of_its_share(served, words, nodes):
    _, _, body, *_ = served.render.page(served.pages, parse("/grid", "?period=2026-ytd"))
    doors = [n for n in nodes(body) if "proof=own:steps/" in str(getattr(n, "href", ""))]
    count, share = doors[:2]
    assert count.href == share.href and "rank-share" in _classes(share)
    children, _ = sheet(served, "?" + count.href.partition("?")[2], "/grid")
    box = next(n for n in nodes(children) if "fraction-box" in _classes(n))
    part, whole = [n for n in nodes(box) if getattr(n, "href", None)]
    assert words(part) == words(count) and f"= {words(share)}" in words(box)
    step = re.search("steps/([^&]+)", count.href)[1]
    for side, holds in ((part, unquote(step)), (whole, "")):
        table = sheet(served, "?" + side.href.partition("?")[2], "/grid")[0]
        assert f"全部 {words(side)}" in words(table) or f"共 {words(side)} 行" in words(table)
        view = re.search("view=([^&]+)", side.href)
        kept = views.find(served.data.store, view[1]).body if view else {"filters": None}
        assert bool(holds) is bool(kept["filters"])
        assert not holds or kept["filters"]["state"]["filter"] == holds
