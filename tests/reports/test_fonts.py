import re
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "dashboard" / "assets" / "fonts"
ROOT = FONTS.parents[2]
COMMON = [f"noto-sans-sc-{weight}-common.woff2" for weight in (400, 700)]
REST = [f"noto-sans-sc-{weight}-rest.woff2" for weight in (400, 700)]
REPORT = ["report-song.otf", "report-title.otf", "report-hei.otf", "report-kai.ttf"]
SHOWN = "config/*.toml layouts/**/*.toml dashboard/**/*.py dashboard/assets/**/*.js"
SIGNS = "0123456789%.,:;/()—–−×·“”…、。，；：！？（）《》【】〔〕▲▼✓→①ⅠⅡⅢⅣ℃㎡°"


@cache
def covered(name):
    with TTFont(FONTS / name) as font:
        return frozenset(font.getBestCmap())


def general():
    text = (FONTS / "general.txt").read_text(encoding="utf-8")
    return [mark for line in text.splitlines() if not line.startswith("#") for mark in line]


def gb2312():
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return {pair.decode("gb2312") for pair in pairs if pair.decode("gb2312", "ignore")}


def test_the_table_of_general_characters_is_whole():
    assert len(general()) == len(set(general())) == 8105
    assert len(gb2312()) == 6763


def test_fonts_stay_small():
    assert sum(path.stat().st_size for path in FONTS.iterdir()) <= 25_000_000
    assert all((FONTS / name).stat().st_size <= 800_000 for name in COMMON)


@pytest.mark.parametrize(("common", "rest"), list(zip(COMMON, REST, strict=True)))
def test_the_screen_faces_hold_every_character_of_both_tables(common, rest):
    held = covered(common) | covered(rest)
    wanted = {*general(), *gb2312()}
    # the source face lacks a few rare ones of the table's third level
    assert len([mark for mark in wanted if ord(mark) not in held]) <= 10
    assert not covered(common) & covered(rest)


@pytest.mark.parametrize("name", COMMON)
def test_the_common_face_holds_the_signs_of_the_screen(name):
    assert not [mark for mark in SIGNS if ord(mark) not in covered(name)]


@pytest.mark.parametrize("name", REPORT)
def test_the_report_faces_hold_gb2312_and_figures(name):
    held = covered(name)
    assert not [mark for mark in gb2312() if ord(mark) not in held]
    assert not [mark for mark in "0123456789%.—〔〕（）“”−＋／" if ord(mark) not in held]


@pytest.mark.parametrize("name", COMMON)
def test_figures_are_equally_wide(name):
    with TTFont(FONTS / name) as font:
        names, widths = font.getBestCmap(), font["hmtx"]
    assert len({widths[names[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_every_chinese_character_of_the_product_has_a_glyph():
    held = covered(COMMON[0]) | covered(REST[0])
    for pattern in SHOWN.split():
        for path in ROOT.glob(pattern):
            text = path.read_text(encoding="utf-8")
            lacking = {m for m in text if "\u2e80" <= m <= "\ufaff" and ord(m) not in held}
            assert not lacking, f"{path}: {lacking}; run python deploy/fonts.py"


def test_the_style_sheet_names_only_files_that_are_here():
    css = (FONTS / "fonts.css").read_text(encoding="utf-8")
    urls = re.findall(r'url\("([^"]+)"\)', css)
    assert sorted(urls) == sorted(COMMON + REST)
    assert "http" not in css
    assert css.count('font-family:"Noto Sans SC"') == 4


def test_every_font_has_its_licence():
    text = (FONTS.parent / "LICENSES.md").read_text(encoding="utf-8")
    for name in REPORT:
        assert name in text
    for licence in ("OFL-noto-cjk.txt", "OFL-lxgw-wenkai.txt"):
        assert licence in text
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text("utf-8")


@pytest.mark.parametrize("name", REPORT)
def test_a_cut_face_does_not_bear_a_reserved_name(name):
    with TTFont(FONTS / name) as font:
        names = [str(record) for record in font["name"].names if record.nameID in (1, 4, 6)]
    assert names
    assert all(each.startswith(("Honglan ", "Honglan")) for each in names)
    assert not any("LXGW" in each or "Source" in each for each in names)
