import pytest

from layouts.errors import LayoutError
from layouts.page import load_page, page_names


def test_every_page_layout_can_be_read():
    for name in page_names():
        page = load_page(name)
        assert page.path.startswith("/") and page.title and page.panels


def test_a_page_names_its_panels_over_all_widths(tmp_path):
    text = 'path = "/x"\ntitle = "页"\nperiod = ""\nwide = ["a b"]\nnarrow = ["b", "c"]\n'
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    page = load_page("x", tmp_path)
    assert page.panels == ("a", "b", "c")
    assert page.settings == {"period": ""}


def test_a_page_without_a_wide_grid_is_refused(tmp_path):
    (tmp_path / "x.toml").write_text('path = "/x"\ntitle = "页"\n', encoding="utf-8")
    with pytest.raises(LayoutError, match="wide is None"):
        load_page("x", tmp_path)


def test_a_page_without_a_path_is_refused(tmp_path):
    (tmp_path / "x.toml").write_text('title = "页"\n', encoding="utf-8")
    with pytest.raises(LayoutError, match="path is None; allowed: a text"):
        load_page("x", tmp_path)
