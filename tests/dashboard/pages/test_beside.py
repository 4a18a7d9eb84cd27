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
                                  "/enforcement", "/video", "/people", "/services"])  # fmt: skip
def test_every_subject_page_draws_two(served, words, path):
    _, head, body, *_ = shown(served, MONTHS, path)
    assert "差 = 前者" in words(body) and "这一块没取到" not in words(body)
    assert "对照：" in words(head)
