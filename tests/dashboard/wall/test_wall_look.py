"""The wall's style and page: type sizes, colours by role, places, scripts, rank marks."""

import re
from pathlib import Path

import pytest

from dashboard.wall import app, rank_shape, shell
from dashboard.wall.arranged import fitted
from dashboard.wall.look import style
from layouts.theme import load_theme
from layouts.wall import load_profiles, load_scene

ASSETS = Path(app.ASSETS)
CSS = (ASSETS / "wall.css").read_text(encoding="utf-8")


def test_no_type_is_smaller_than_one_rem():
    sizes = re.findall(r"font-size:\s*([0-9.]+)(\w+)", CSS)
    assert len(sizes) > 20
    assert all(unit == "rem" and float(size) >= 1.0 for size, unit in sizes)


def test_colours_stand_by_role_only():
    bare = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", re.sub(r"#(stage|tick)\b", "", bare))
    roles = set(re.findall(r"var\(--([\w-]+)\)", bare)) - {"share"}
    assert roles <= set(load_theme()["wall"])


def test_rank_colours_stand_only_at_ranks():
    for line in CSS.splitlines():
        if re.search(r"var\(--rank-[1-4]\)", line):
            assert re.match(r"\s*\.[\w .-]*rank-", line), line


def test_nothing_blinks_and_nothing_is_animated():
    assert not re.search(r"animation|@keyframes|transition|blink", CSS)


def test_every_profile_has_a_place_for_every_panel():
    for key, profile in load_profiles().items():
        text = style(profile, load_scene("overview"))
        size = f"calc(100vh/{profile.rems})"
        whole = (
            f"min({size}" if profile.stretch == 1 else size
        )  # the other is as high as its window
        assert f'html[data-profile="{key}"]{{font-size:{whole}' in text
        for panel in fitted(profile, load_scene("overview")).boxes:
            assert f'html[data-profile="{key}"] #stage>[data-panel="{panel}"]{{display:flex' in text


def test_an_output_shows_its_own_part_of_the_canvas_and_no_card_of_another():
    wall = load_profiles()["lcd_7x3_outputs"]
    text = style(wall, load_scene("overview"))
    own = f'html[data-profile="{wall.key}"][data-output="2"]'
    assert f"{own} #stage{{left:-{wall.columns * 2 / 7:.4f}rem;top:-0.0000rem;}}" in text
    assert f'{own} #stage>[data-panel="received_today"]{{display:none}}' in text
    assert f'{own} #stage>[data-panel="district_map"]{{display:none}}' not in text


def test_pixels_wider_than_high_are_drawn_narrower():
    text = style(load_profiles()["lcd_7x3_stretched"], load_scene("overview"))
    assert 'html[data-profile="lcd_7x3_stretched"] #stage' in text
    assert "transform:scaleX(0.428571)" in text


@pytest.mark.parametrize("rank", rank_shape.RANKS)
@pytest.mark.parametrize("limit", [False, True])
def test_the_rank_files_are_what_the_program_draws(rank, limit):
    file = ASSETS / rank_shape.file_name(rank, limit=limit)
    assert file.read_text(encoding="utf-8") == rank_shape.svg(rank, limit=limit)
    on_bar = ASSETS / rank_shape.file_name(rank, bar=True)
    assert on_bar.read_text(encoding="utf-8") == rank_shape.svg(rank, bar=True)


def test_the_four_marks_differ_in_shape():
    assert len({rank_shape.outline(rank) for rank in rank_shape.RANKS}) == 4


def test_the_shell_has_no_script_of_its_own_and_asks_no_other_host():
    page = shell.page()
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert "http" not in page and "//" not in page.replace("<!DOCTYPE", "")
    assert not re.search(r"\son\w+=", page)
    assert all(key in page for key in load_profiles())


def test_scripts_and_styles_name_no_other_host():
    for file in ASSETS.iterdir():
        if file.suffix in {".js", ".css"}:
            assert not re.search(r"https?://|@import|eval\(|innerHTML", file.read_text("utf-8"))


def test_the_health_address_is_asked_before_a_frame_is_loaded():
    script = (ASSETS / "shell.js").read_text(encoding="utf-8")
    assert 'fetch("/healthz"' in script and "no-store" in script and "location.reload" not in script


def test_the_watchdog_is_slower_than_the_beat_and_faster_than_ten_seconds():
    from dashboard.wall.loop import BEAT_S

    page = (ASSETS / "wall.js").read_text(encoding="utf-8")
    outer = (ASSETS / "shell.js").read_text(encoding="utf-8")
    lost = int(re.search(r"LOST_AFTER = (\d+)", page).group(1))
    silent = int(re.search(r"SILENT = (\d+)", outer).group(1))
    assert 2 * BEAT_S * 1000 < lost <= silent <= 10000


def test_at_night_text_has_less_light_and_what_tells_an_alarm_has_all_of_it():
    theme = load_theme()
    text = style(load_profiles()["lcd_7x3"], load_scene("night"))
    (dim,) = re.findall(r'html\[data-light="night"\]\{([^}]*)\}', text)
    ((where, full),) = re.findall(r'\}(html\[data-light="night"\] #[^{]*)\{([^}]*)\}', text)
    assert f"--text:{theme['night']['text']};" in dim
    assert "#takeover" in where and ".ribbon.in-force" in where
    assert f"--text:{theme['wall']['text']};" in full
    assert set(re.findall(r"--([\w-]+):", dim)) == set(re.findall(r"--([\w-]+):", full))
    assert "color:var(--text)" in full  # else what is inherited from the page stays dim
