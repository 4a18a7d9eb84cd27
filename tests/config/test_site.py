"""What site.toml may say of the map."""

import shutil

import pytest

from config.environment import ROOT
from config.errors import ConfigError
from config.site import load_site


@pytest.fixture
def said(tmp_path, monkeypatch):
    def write(line: str):
        folder = tmp_path / "config"
        shutil.copytree(
            ROOT / "config", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
        )
        file = folder / "site.toml"
        text = file.read_text(encoding="utf-8").replace('area_crs = "wgs84"', line)
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("HONGLAN_CONFIG", str(folder))
        return load_site()

    return write


def test_tiles_come_from_one_server_that_the_site_names(said):
    site = said('tiles = "https://maps.example:8443/wgs84/{z}/{x}/{y}.png"')
    assert site.tile_server == "https://maps.example:8443"
    assert load_site().tiles


def test_without_a_line_there_is_no_tile_server(said):
    site = said("")
    assert (site.tiles, site.tile_server, site.area_crs) == ("", "", "wgs84")


@pytest.mark.parametrize(
    "line",
    [
        'tiles = "https://{s}.tile.example/{z}/{x}/{y}.png"',
        'tiles = "https://maps.example/{z}/{x}.png"',
        'tiles = "//maps.example/{z}/{x}/{y}.png"',
        'tiles = "javascript:alert(1)//{z}{x}{y}"',
        'tiles = "https://maps.example/{z}/{x}/{y}.png; script-src *"',
        "tiles = 3",
        'area_crs = "bj54"',
    ],
)
def test_a_wrong_word_of_the_map_is_refused_with_what_is_allowed(said, line):
    with pytest.raises(ConfigError, match=r"\{z\}/\{x\}/\{y\}|gcj02"):
        said(line)
