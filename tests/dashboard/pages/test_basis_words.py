"""What a tile says of its time basis is what the definition of its metric says."""

import re

import pytest

from dashboard.pages import app, mediation
from warehouse.metric import load_metrics

WHEN = re.compile(r"按.+?(?:时间|日期)")
TILES = [
    (page.PATH, figure)
    for page in app.PAGES
    for part in (*getattr(page, "PARTS", ()), *(mediation.BESIDE if page is mediation else ()))
    for figure in getattr(part.draw, "keywords", {}).get("figures", ())
]


def test_the_tiles_of_all_subject_pages_are_looked_at():
    assert len(TILES) > 80 and len({path for path, _ in TILES}) >= 9


@pytest.mark.parametrize(("path", "tile"), TILES, ids=[f"{p} {t.metric}" for p, t in TILES])
def test_a_tile_tells_the_basis_of_its_metric(path, tile):
    metric = load_metrics()[tile.metric]
    for said in WHEN.findall(tile.basis):
        assert said in metric.formula, (path, tile.name, said, metric.formula)
    assert (tile.basis == "期末") == metric.is_spell, (path, tile.name)
    stem = re.sub(r"^(?:本期|已|应)+", "", tile.basis)
    if stem == tile.basis:
        return
    is_due = "应" in tile.basis
    assert is_due == (metric.basis == "due"), (path, tile.name, tile.basis, metric.basis)
    if not is_due:  # of what the share is: 已结案 is a share of the closed ones
        assert all(word in metric.formula for word in stem.split("且")), (path, tile.name)
