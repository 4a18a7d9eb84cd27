"""Two places, units, classes or periods on one page: same parts, every number with its proof."""

import pytest

from dashboard.pages import proof
from dashboard.pages.state import parse

ONE, TWO = "320117005001", "320117005002"
PLACES = f"?period=2026-08&community={ONE}&beside=community:{TWO}"
MONTHS = "?period=2026-08&beside=period:2026-07"


def shown(served, search, path="/hotline"):
    return served.render.page(served.pages, parse(path, search))


def doors(nodes, body):
    return [n for n in nodes(body) if "proof=" in str(getattr(n, "href", ""))]


def cells_of(nodes, words, body):
    for row in (n for n in nodes(body) if type(n).__name__ == "Tr"):
        yield [words(cell) for cell in row.children]


def metres(text):
    return float(text.replace("−", "-"))


def sheet(served, words, href, path="/hotline"):
    return words(proof.sheet(served.pages, parse(path, "?" + href.partition("?")[2]))[0])


def test_two_places_stand_beside_each_other_with_their_difference(served, words, nodes):
    _, head, body, *_ = shown(served, PLACES)
    names = [c.name for c in served.data.site.communities][:2]
    text = words(body)
    assert f"{names[0]} 与 {names[1]}" in text and "差 = 前者 − 后者" in text
    assert f"对照：{names[1]}" in words(head)
    hrefs = [n.href for n in doors(nodes, body)]
    assert any(f"p-community={ONE}" in href and "against" not in href for href in hrefs)
    assert any(f"p-community={TWO}" in href for href in hrefs)
    assert any(f"against=community:{TWO}" in href for href in hrefs)


def test_the_difference_of_two_places_is_that_of_their_figures(served, words, nodes):
    _, _, body, *_ = shown(served, PLACES)
    rows = [n for n in nodes(body) if type(n).__name__ == "Tr"]
    row = next(n for n in rows if words(n).startswith("受理 按受理时间"))
    first, second, moved = [words(door) for door in doors(nodes, row)]
    by = int(first) - int(second)
    assert moved == ("0" if not by else f"{'+' if by > 0 else '−'}{abs(by)}")


@pytest.mark.parametrize("search", [PLACES, MONTHS], ids=["places", "months"])
def test_every_number_of_a_comparison_opens_its_proof(served, words, nodes, search):
    _, _, body, *_ = shown(served, search)
    found = {n.href: words(n) for n in doors(nodes, body)}
    sides = [href for href in found if "&was=" in href or "&against=" in href]
    assert len(found) > 40 and len(sides) > 8
    for href in [*sides[:6], *list(found)[:6]]:
        text = sheet(served, words, href)
        both = "&was=" in href or "&against=" in href
        assert ("✓ 两边逐行重算相等" if both else "✓ 逐行重算相等") in text, href


def test_the_proof_of_a_difference_opens_both_places_and_what_makes_it(served, words, nodes):
    _, _, body, *_ = shown(served, PLACES)
    href = next(n.href for n in doors(nodes, body) if "against=" in n.href)
    children, _ = proof.sheet(served.pages, parse("/hotline", "?" + href.partition("?")[2]))
    names = [c.name for c in served.data.site.communities][:2]
    text = words(children)
    assert "差别的证据" in text and names[0] in text and names[1] in text
    assert "差在哪里" in text and "社区（村）" not in text.split("差在哪里")[1].split("合计")[0]
    sides = [n.href for n in nodes(children) if "side-value" in str(getattr(n, "className", ""))]
    assert f"p-community={TWO}" in sides[0] and f"p-community={ONE}" in sides[1]
    assert all("against" not in side for side in sides)


def test_what_cannot_stand_beside_is_marked_and_not_used(served, words):
    for value in ("community:moon", "period:moon", "period:2030-01", "line", "source:x"):
        _, head, body, *_ = shown(served, f"?period=2026-08&beside={value}")
        assert "未识别：对照" in words(head), value
        assert "差 = 前者" not in words(body)


def test_a_running_month_is_held_against_as_many_days(served, words):
    _, _, body, *_ = shown(served, "?period=2026-09&beside=period:2026-07")
    assert "7月1日—7月30日" in words(body)


@pytest.mark.parametrize("path", ["/grid", "/urban", "/mediation", "/whistle", "/land",
                                  "/enforcement", "/video", "/people", "/services", "/flood",
                                  "/map"])  # fmt: skip
def test_every_subject_page_draws_two(served, words, path):
    _, head, body, *_ = shown(served, MONTHS, path)
    assert "差 = 前者" in words(body) and "这一块没取到" not in words(body)
    assert "对照：" in words(head)


def test_two_stations_stand_beside_each_other_without_a_difference_of_their_levels(
    served, words, nodes
):
    one, two = served.data.thresholds.stations[:2]
    search = f"?station={one.code}&beside=station:{two.code}"
    _, head, body, *_ = shown(served, search, "/flood")
    text = words(body)
    assert f"{one.name} 与 {two.name}" in text and "水位不互比" in text
    assert f"对照：{two.name}" in words(head)
    told = {cells[0]: cells for cells in cells_of(nodes, words, body)}
    assert told["水位 m"][1] and told["水位 m"][2] and told["水位 m"][3] == ""
    first, second, moved = map(metres, told["距警戒 m"][1:])
    assert moved == pytest.approx(first - second)
    assert len([n for n in nodes(body) if type(n).__name__ == "Graph"]) == 2


def test_a_station_is_held_against_its_own_highest_level_of_another_period(served, words, nodes):
    _, _, body, *_ = shown(served, MONTHS, "/flood")
    rows = list(cells_of(nodes, words, body))
    highest = [row[-1] for row in rows if "最高水位" in row[0]]
    assert highest == ["+0.20"] * len(served.data.thresholds.stations)
    assert {row[-1] for row in rows if row[0] == "雨量 mm"} == {"0"}


def test_two_places_are_marked_on_one_map_with_what_stands_in_them(served, words, nodes):
    _, _, body, *_ = shown(served, PLACES, "/map")
    areas = next(n for n in nodes(body) if getattr(n, "id", "") == "map-areas").data["features"]
    marked = [one["properties"]["words"] for one in areas if one["properties"]["chosen"]]
    names = [c.name for c in served.data.site.communities][:2]
    assert {told.split()[0] for told in marked} == set(names)
    assert "热线受理" in words(body) and "摄像机" in words(body)


def proved(served, nodes, words, node, path):
    """The rows of the proof that a number opens, and its title."""
    children, _ = proof.sheet(served.pages, parse(path, "?" + node.href.partition("?")[2]))
    first = next((n for n in nodes(children) if type(n).__name__ == "Table"), None)
    return words(children), [row[0:] for row in cells_of(nodes, words, first)][1:]


def test_a_highest_level_and_its_difference_are_proved_by_their_days(served, words, nodes):
    _, _, body, *_ = shown(served, MONTHS, "/flood")
    row = next(n for n in nodes(body) if type(n).__name__ == "Tr" and "最高水位" in words(n))
    august, july, moved = doors(nodes, row)
    for side, month in ((august, "8月"), (july, "7月")):
        text, days = proved(served, nodes, words, side, "/flood")
        assert all(day[0].startswith(month) for day in days) and len(days) > 1
        assert max(metres(day[1]) for day in days if day[1] != "—") == metres(words(side))
        assert f"{words(side)} m" in text
    text, both = proved(served, nodes, words, moved, "/flood")
    assert f"{words(moved)} m" in text
    assert [row[1] for row in both] == [words(august), words(july)]


def test_the_figures_of_two_stations_are_proved_by_their_last_readings(served, words, nodes):
    one, two = served.data.thresholds.stations[:2]
    _, _, body, *_ = shown(served, f"?station={one.code}&beside=station:{two.code}", "/flood")
    row = next(n for n in nodes(body) if type(n).__name__ == "Tr" and "距警戒" in words(n))
    first, second, moved = doors(nodes, row)
    for opened in (first, second, moved):
        _, both = proved(served, nodes, words, opened, "/flood")
        assert [line[3] for line in both] == [words(first), words(second)]
        assert [line[0] for line in both] == [one.name, two.name]


def test_what_stands_in_a_place_is_proved_row_by_row(served, words, nodes):
    _, _, body, *_ = shown(served, PLACES, "/map")
    row = next(n for n in nodes(body) if type(n).__name__ == "Tr" and words(n).startswith("摄像机"))
    opened = doors(nodes, row)
    first, second, moved = opened
    for side in (first, second):
        _, rows = proved(served, nodes, words, side, "/map")
        assert len(rows) == int(words(side))
    _, both = proved(served, nodes, words, moved, "/map")
    assert [line[1] for line in both] == [words(first), words(second)]
    assert "没有" in proved(served, nodes, words, first, "/hotline")[0]  # another page has no such


def test_an_address_of_a_proof_with_wrong_words_breaks_nothing(served, words):
    for told in ("reached/x:moon", "apart/x:1", "two/x", "layer/moon:x", "apart/moon"):
        for path in ("/flood", "/map"):
            text = words(proof.sheet(served.pages, parse(path, f"?proof=own:{told}"))[0])
            assert "没有这个指标" in text and "这一块没取到" not in text
