"""The video page counts cameras and lists those that are off, within what is asked."""

from dashboard.pages import proof
from dashboard.pages.state import parse


def body(served, search=""):
    return served.render.page(served.pages, parse("/video", search))[2]


def test_cameras_are_counted_and_those_off_are_listed_longest_first(served, words):
    text = words(body(served))
    assert "此刻在线在线/登记17/20路离线 3 路" in text
    assert "路口0交警大队社区19月27日 09:443 天" in text
    assert text.index("路口0") < text.index("路口1") < text.index("路口2")
    assert "路口3" not in text


def test_a_place_narrows_the_cameras_too(served, words):
    text = words(body(served, "?community=320117005001"))
    assert "8/10" in text and "路口0" in text and "路口1" not in text


def test_the_count_of_cameras_is_proved_by_their_list(served, words, nodes):
    door = next(n for n in nodes(body(served)) if "proof=own:now" in str(getattr(n, "href", "")))
    found, _ = proof.sheet(served.pages, parse("/video", "?" + door.href.partition("?")[2]))
    table = next(n for n in nodes(found) if type(n).__name__ == "Table")
    rows = [n for n in nodes(table) if type(n).__name__ == "Tr"]
    assert "17/20 路" in words(found) and len(rows) == 21
