"""What the wall may show: every panel of every scene is drawn from rows in which all that has no
wall mark is a canary, and no canary is in any answer or on any card.
"""

import hashlib
import itertools
import json
import re
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from cases import health
from cases.store import migrate, open_store
from config import clock
from config.platforms import load_platforms
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard import source
from dashboard.wall import arranged, frame
from dashboard.wall.card import card
from dashboard.wall.catalogue import PANELS, panel
from dashboard.wall.content import Moment
from dashboard.wall.parts import Room
from layouts.draft import Draft, draft_of, pack
from layouts.grid import Cells
from layouts.wall import load_profiles, load_scene, scene_names
from warehouse.batch import Batch
from warehouse.dimension import dimensions
from warehouse.read import Reader
from warehouse.write import Warehouse

pytestmark = pytest.mark.sec
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "platforms"
NOW = datetime(2026, 11, 23, 16, 42)
KEYS = sorted(load_platforms())
MODULES = {key: import_module(f"etl.platforms.{key}") for key in KEYS}
TABLES = {name: table for module in MODULES.values() for name, table in module.TABLES.items()}
SCENES = [f"{name}{mode}" for name in scene_names() for mode in ("", "-visitors")]
PROFILES = ("lcd_7x3", "led_2x35", "screen_16x9")
WORD = "金丝雀"
PLACES = {"lng": 118.8, "lat": 31.4}  # and up to a twentieth of a degree more
OPEN = re.compile(r"(closed|ended|cleared|archived|demolished|recovered|done|rebuilt)_at$")
NEEDED = re.compile(
    r"(_code|_no|_at|_on|_hash|kind|line|source|merged_into|polygon)$|^(state|excluded|secret|tags)$"
)


ROOMS = (Room(24.0, 12.0), Room(60.0, 30.0))
INNER = sorted(name for name, one in PANELS.items() if one.inner)


def shown_scene(key):
    """A shipped scene, or what visitors see of it."""
    scene = load_scene(key.removesuffix("-visitors"))
    return scene if scene.name == key else arranged.for_visitors(scene)


def rows_of(key):
    """The recorded rows of a platform, and a twin of each that is still open today."""
    expected = json.loads((FIXTURES / key / "expected.json").read_text(encoding="utf-8"))
    for table, row in expected:
        if table == "!":
            continue
        yield table, row
        declared = TABLES[table]
        twin = {name: None if OPEN.search(name) else value for name, value in row.items()}
        name = declared.key[0]
        if declared.columns[name].type == "text" and len(declared.key) == 1:
            yield table, twin | {name: f"{twin[name][:-1]}9"}


def poisoned(table, row, numbers):
    """The row with a canary wherever a text or a place has no wall mark and nothing hangs on it."""
    declared = TABLES[table]
    made = dict(row)
    for name, column in declared.columns.items():
        spared = name in declared.key or name == declared.version or NEEDED.search(name)
        if column.wall or spared or column.hash_of is not None:
            continue
        if column.type == "text":
            made[name] = f"{WORD}{table}.{name}"
        elif column.axis in PLACES and made.get(name) is not None:
            made[name] = f"{PLACES[column.axis] + next(numbers) / 10_000:.4f}"
    return made


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """All platforms delivered; every unmarked column holds a canary."""
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
        patch.setenv("HONGLAN_VAR", str(tmp_path_factory.mktemp("canaries")))
        patch.delenv("HONGLAN_CASES_URL", raising=False)
        source._data.cache_clear()
        store = open_store()
        migrate(store)
        numbers = itertools.count(1)
        platforms = load_platforms()
        dims = dimensions(load_site(), load_thresholds(), platforms)
        with Warehouse(
            store.var, TABLES, platforms=lambda: platforms, dimensions=lambda: dims
        ) as warehouse:
            for key in KEYS:
                grouped = {}
                for table, row in rows_of(key):
                    grouped.setdefault(table, []).append(poisoned(table, row, numbers))
                for table, rows in grouped.items():
                    name = hashlib.sha256(f"{key}{table}".encode()).hexdigest()
                    batch = Batch(name, key, f"demo:{key}", "x", NOW, None, {table: rows}, ())
                    done = warehouse.load(batch)
                    assert not done.quarantined and not done.drifted, (table, done)
                warehouse.mark_success(key, f"demo:{key}", NOW - timedelta(minutes=1))
                health.succeeded(store, key, NOW.replace(tzinfo=clock.ZONE), rows_in=1)
            assert warehouse.build().ok and warehouse.publish() is not None
        health.published(store, 1, NOW.replace(tzinfo=clock.ZONE))
        yield store
        store.close()
        source._data.cache_clear()


def is_planted(value):
    """Whether a number is one of those that were put where no wall mark is."""
    if not isinstance(value, int | float):
        return False
    return any(start <= value < start + 0.06 for start in PLACES.values())


class Noting:
    """The wall's reader, noting what was asked and what it answered."""

    def __init__(self, reader):
        self._reader, self.asked, self.answers = reader, set(), []

    def __getattr__(self, name):
        return getattr(self._reader, name)

    def query(self, name, *given):
        table = self._reader.query(name, *given)
        self.asked.add(name)
        self.answers.append((name, table.to_pylist()))
        return table

    def metric(self, name, *given):
        self.asked.add(name)
        return self._reader.metric(name, *given)


class Seen:
    """What the wall draws from."""

    def __init__(self, store, reader):
        self.store, self.reader = store, reader
        self.platforms, self.site, self.thresholds = (
            load_platforms(), load_site(), load_thresholds(),
        )  # fmt: skip


@pytest.fixture(scope="module")
def moment(street):
    reader = Reader(street.var)
    noting = Noting(reader.within(None, wall=True))
    with clock.frozen(NOW):
        yield Moment(Seen(street, noting), NOW, reader.current()), noting
    reader.close()


def drawn(moment, rooms):
    """Every card in its room as JSON."""
    for name, room in rooms:
        one = moment.shown(name)
        view = None if one.facts is None else panel(name).view(one.facts, room)
        made = card(panel(name).title, view, one.feed, NOW)
        parts = [made.head, made.body, made.over, made.foot, made.figure]
        yield name, one, json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def demand_clean(moment, rooms):
    for name, one, text in drawn(moment, rooms):
        assert one.feed.state == "fresh", (name, one.feed)
        assert WORD not in text, (name, re.findall(rf"{WORD}[\w.]+", text))
        assert not re.search(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", text), name


@pytest.mark.parametrize("scene", SCENES)
def test_no_panel_draws_what_has_no_wall_mark(moment, scene):
    for profile in PROFILES:
        demand_clean(moment[0], frame.rooms(load_profiles()[profile], shown_scene(scene)).items())


@pytest.mark.parametrize("name", sorted(PANELS))
def test_no_panel_that_a_layout_may_hold_draws_what_has_no_wall_mark(moment, name):
    """The page of the layouts offers all of them, whichever the shipped scenes hold."""
    demand_clean(moment[0], [(name, room) for room in ROOMS])


def test_no_question_of_the_wall_answers_with_a_column_without_the_mark(moment):
    moment[0].all(PANELS)
    seen = moment[1].answers
    assert len({name for name, _ in seen}) > 15
    for name, rows in seen:
        for row in rows:
            for column, value in row.items():
                assert WORD not in str(value), (name, column, value)
                assert not is_planted(value), (name, column, value)


def test_a_panel_reads_what_it_says_it_reads(street):
    reader, wrong = Reader(street.var), {}
    try:
        with clock.frozen(NOW):
            for name, one in PANELS.items():
                if one.ask is None:
                    continue
                noting = Noting(reader.within(None, wall=True))
                Moment(Seen(street, noting), NOW, reader.current()).shown(name)
                if noting.asked != set(one.reads):
                    wrong[name] = sorted(noting.asked ^ set(one.reads))
    finally:
        reader.close()
    assert wrong == {}


def test_the_lists_of_the_wall_had_rows_to_draw(moment):
    empty = [
        name
        for name, one in PANELS.items()
        if one.inner and hasattr(facts := moment[0].shown(name).facts, "rows") and not facts.rows
    ]
    assert empty == []


@pytest.mark.parametrize("scene", [f"{name}-visitors" for name in scene_names()])
def test_visitors_see_no_rows_of_cases_and_no_inner_matters(scene):
    assert [name for name in shown_scene(scene).panels if panel(name).inner] == []


@pytest.mark.parametrize("name", INNER)
def test_an_inner_panel_put_anywhere_is_not_what_visitors_see(name):
    for scene in scene_names():
        whole = draft_of(load_scene(scene), next(iter(load_scene(scene).grids)))
        put = whole.without(next(one for one in whole.cells if panel(one).title and one != name))
        taken = next(cells for one, cells in whole.cells.items() if one not in put.cells)
        own = arranged.drafted(pack(put.put(name, taken)))
        visitors = arranged.drafted(pack(put.put(name, taken)), visitors=True)
        assert name in own.panels
        assert [one for one in visitors.panels if panel(one).inner] == []
        assert len(set(visitors.panels)) == len(visitors.panels)


def test_a_panel_for_visitors_that_stands_in_the_scene_already_is_not_drawn_twice():
    """Put where the file wants it for visitors only, it would cover two places at once."""
    draft = draft_of(load_scene("hotline"), "4.14:1")
    spare = next(one for one in draft.cells if panel(one).title and one != "hotline_list")
    moved = draft.without(spare).put("linkage_trend", draft.cells[spare])
    visitors = arranged.drafted(pack(moved), visitors=True)
    grid = visitors.grids["4.14:1"].grid
    assert grid.cells("linkage_trend") == draft.cells[spare]
    assert "hotline_list" not in grid.panels


def test_where_nothing_fits_in_the_place_of_an_inner_panel_visitors_see_none(monkeypatch):
    monkeypatch.setattr(arranged, "least", lambda name: (9, 9) if panel(name).inner else (10, 10))
    draft = Draft("flood", "4.14:1", (1, 1), (1,), 0.5, 0.5, {
        "rain": Cells(0, 0, 1, 1), "grid_list": Cells(1, 0, 2, 1),
    })  # fmt: skip
    visitors = arranged.drafted(pack(draft), visitors=True)
    assert visitors.grids["4.14:1"].grid.panels == ("rain",)
    assert visitors.grids["4.14:1"].boxes(load_profiles()["lcd_7x3"]).keys() == {"rain"}


def test_every_scene_is_as_full_for_visitors():
    for name in scene_names():
        own, visitors = shown_scene(name), shown_scene(f"{name}-visitors")
        for family, grid in own.grids.items():
            assert len(visitors.grids[family].grid.panels) == len(grid.grid.panels)
