import re

import pytest

from config.site import ClassName
from dashboard.pages import proof
from dashboard.pages.deadlines import DUE
from dashboard.pages.state import parse
from dashboard.pages.subject import level, part
from dashboard.pages.subject.words import tree
from dashboard.pages.view import TableView, opened
from dashboard.panels import balance


def node(code):
    return ClassName(code, f"类{code}")


def hotline(served):
    return next(page for page in served.pages if page.PATH == "/hotline")


def shown(served, path, search=""):
    return served.render.page(served.pages, parse(path, search))


def test_a_tree_is_built_from_how_codes_begin():
    found = tree([node("201"), node("20102"), node("05"), node("0502"), node("050203")])
    assert set(found) == {"201", "201/20102", "05", "05/0502", "05/0502/050203"}


def test_a_filter_is_set_by_a_click_and_taken_off_by_the_same_click():
    plain = parse("/hotline", "?period=2026-08")
    once = plain.toggled("community", "320117005001")
    assert once.get("community") == "320117005001"
    assert once.toggled("community", "320117005001").href == plain.href


def test_another_place_leaves_the_grid_behind_and_the_level_that_was_gone_into():
    inside = parse("/hotline", "?community=320117005001&grid=320117005001002&down=community,class")
    other = inside.toggled("community", "320117005002")
    assert other.get("grid") == "" and other.down == ("class",)


def test_a_chosen_place_stands_among_its_like_until_one_goes_down(served):
    view = served.render.glass(hotline(served), parse("/hotline", "?community=320117005001"))
    assert level.places(view) == level.Level("community", None, "320117005001")
    deeper = parse("/hotline", "?community=320117005001&down=community")
    view = served.render.glass(hotline(served), deeper)
    assert level.places(view) == level.Level("grid", "320117005001", None)


def test_a_chosen_class_stands_among_its_siblings_until_one_goes_down(served):
    page = hotline(served)
    view = served.render.glass(page, parse("/hotline", "?class=05/0502"))
    assert level.classes(view) == level.Level("class", "05", "05/0502")
    view = served.render.glass(page, parse("/hotline", "?class=05/0502&down=class"))
    assert level.classes(view) == level.Level("class", "05/0502", None)


def test_a_chip_offers_the_way_down_its_cases_and_taking_it_off(served, nodes):
    _, head, *_ = shown(served, "/hotline", "?community=320117005001")
    links = {str(n.children): n.href for n in nodes(head) if getattr(n, "href", None)}
    assert "down=community" in links["下钻"]
    assert "rows=1" in links["案件"] and "p-community=320117005001" in links["案件"]
    assert "community" not in links["×"]


def test_a_leaf_offers_no_way_down(served, nodes):
    leaf = next(path for path in part.options(main="hotline_received", classes="hotline_classes")(
        served.data)["class"] if path.count("/") == 2)  # fmt: skip
    _, head, *_ = shown(served, "/hotline", f"?class={leaf}")
    assert "下钻" not in {str(n.children) for n in nodes(head) if getattr(n, "href", None)}


def test_the_way_one_has_gone_down_stands_above_with_each_step_a_link_back(served, nodes):
    _, head, *_ = shown(served, "/hotline", "?class=05/0502&down=class")
    path = next(n for n in nodes(head) if getattr(n, "className", "") == "crumbs")
    links = [n.href for n in nodes(path) if getattr(n, "href", None)]
    assert any(href.endswith("/hotline") for href in links)
    assert any(re.search(r"class=05(&|$)", href) for href in links)


def test_every_change_beside_a_figure_opens_both_its_sides(served, nodes):
    _, _, body, *_ = shown(served, "/hotline", "?period=2026-08")
    changes = [n.href for n in nodes(body) if "&was=" in str(getattr(n, "href", ""))]
    assert len(changes) > 10
    assert all(re.search(r"was=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d", href) for href in changes)


def test_a_balance_says_whether_it_holds(words):
    flow = balance.Flow("", "件", 50, 296, 280, 20, 46)
    heads = ["期初在办", "新增", "办结", "剔出", "在办"]
    assert "✓ 差 0" in words(balance.view(balance.Balance([flow], heads)))
    off = balance.Flow("", "件", 50, 296, 280, 20, 45)
    assert "差 1，待核" in words(balance.view(balance.Balance([off], heads)))


LISTS = ("/hotline", "/grid", "/urban", "/whistle", "/land", "/enforcement", "/mediation")


@pytest.mark.parametrize("show", ["", "over", "soon"])
@pytest.mark.parametrize("path", LISTS)
def test_a_chosen_list_says_as_many_as_the_table_it_opens_has(served, words, nodes, path, show):
    """The number in the chip, the one beside the list and the rows of the opened table."""
    *_, body, _, _ = shown(served, path, f"?period=2026-ytd&show={show}" if show else "")
    panel = next(n for n in nodes(body) if "a-cases" in str(getattr(n, "className", "")))
    chip = next(n for n in nodes(panel) if str(getattr(n, "className", "")) == "chip small on")
    counted = int(re.search(r"\d+", words(chip)).group())
    links = [n for n in nodes(panel) if getattr(n, "href", None)]
    every = next((n for n in links if words(n).startswith("打开全部")), None)
    if every is None:
        assert counted == 0 and f"没有{DUE[show]}" in words(panel)
        return
    assert counted > 0 and f"打开全部 {counted} " in words(every)
    sheet, name = proof.sheet(served.pages, parse(path, "?" + every.href.partition("?")[2]))
    assert name == "sheet open wide" and f"共 {counted} 行" in words(sheet)


def test_what_is_near_its_deadline_stays_so_in_the_file_and_is_let_go_by_a_click(
    served, words, nodes
):
    address = "?period=2026-ytd&proof=land_open&from=2026-01-01&to=2026-09-30&rows=1&due=over"
    sheet, _ = proof.sheet(served.pages, parse("/land", address))
    links = {words(n): n.href for n in nodes(sheet) if getattr(n, "href", None)}
    assert "view=" in links["XLSX"] and "view=" in links["CSV"]
    (every,) = (href for name, href in links.items() if name.startswith("全部 "))
    assert "due=" not in every and "rows=1" in every
    kept_as = re.search(r"view=([\w-]+)", links["CSV"]).group(1)
    assert opened(served.data.store, kept_as, "land_open") == TableView(due="over")
    assert opened(served.data.store, kept_as, "urban_open") == TableView()


@pytest.mark.parametrize(
    ("path", "area", "mark"),
    [("/hotline", "trend", "plot-hit"), ("/land", "trend", "plot-hit"),
     ("/enforcement", "months", "month-pick"), ("/mediation", "months", "month-pick")],
)  # fmt: skip
def test_a_mark_of_time_chooses_its_days_and_the_same_mark_takes_them_off(
    served, words, nodes, path, area, mark
):
    def marks(search):
        _, head, body, *_ = shown(served, path, search)
        panel = next(n for n in nodes(body) if f"a-{area}" in str(getattr(n, "className", "")))
        found = [n for n in nodes(panel) if mark in str(getattr(n, "className", "")).split()]
        return head, panel, found

    head, panel, found = marks("?period=2026-ytd&step=month")
    assert "时段：" not in words(head)
    august = next(n.href for n in found if "2026-08-01..2026-08-31" in n.href)
    assert "of=2026-ytd" in august and "proof=" not in august
    proofs = [n.href for n in nodes(panel) if "proof=" in str(getattr(n, "href", ""))]
    assert any("from=2026-08-01&to=2026-08-31" in href for href in proofs)
    head, _, found = marks("?" + august.partition("?")[2])
    assert "时段：2026年8月1日—8月31日" in words(head) and "未识别" not in words(head)
    (again,) = {n.href for n in found if "chosen" in n.className}
    off = next(n for n in nodes(head) if "去掉时段" in str(getattr(n, "aria-label", "")))
    assert again == off.href == f"{path}?period=2026-ytd&step=month"
    pairs = [n for n in nodes(head) if getattr(n, "className", "") == "chip-pair"]
    pair = next(n for n in pairs if "时段：" in words(n))
    ways = {words(n): n.href for n in nodes(pair) if getattr(n, "href", None)}
    assert "rows=1" in ways["案件"] and "from=2026-08-01&to=2026-08-31" in ways["案件"]
    assert ("下钻" in ways) == (path != "/mediation")  # which draws no course of its days
    assert "step=day" in ways.get("下钻", "step=day")
