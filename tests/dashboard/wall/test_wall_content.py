"""What the wall says, from answers of a small made-up warehouse."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from cases import health
from cases.store import migrate, open_store
from config import clock
from config.platforms import load_platforms
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.wall import content
from dashboard.wall import content_hotline as hotline
from dashboard.wall import content_matters as matters
from dashboard.wall import content_water as water
from dashboard.wall.asking import KEPT, LEAST, Asking, Memory, stands_for
from dashboard.wall.catalogue import PANELS
from layouts.wall import load_scene
from warehouse.answer import MetricAnswer, Point
from warehouse.errors import QueryFailed
from warehouse.metric import load_metrics
from warehouse.read import Generation, SourceState, load_queries

NOW = datetime(2026, 11, 23, 16, 42, 18)
AT = datetime(2026, 11, 23, 16, 40)
TODAY = NOW.date()
COMMUNITIES = [one.code for one in load_site().communities]


def point(key, value=None, num=None, den=None, label=None):
    return Point(key, label or key, value, num, den)


def day_series(first, last):
    span = (last - first).days + 1
    return [point((first + timedelta(days=k)).isoformat(), 10 + k % 5) for k in range(span)]


def answers(name, query):
    """(value, numerator, denominator, series) of a metric in the made-up warehouse."""
    one_day = query.first == query.last
    if query.by == "day":
        return 0, None, None, day_series(query.first, query.last)
    if query.by == "class":
        counts = [62, 51, 44, 38, 27, 9, 0]
        series = [point(f"0{k}", n, label=f"类别{k}") for k, n in enumerate(counts)]
        return 401, None, None, series
    if query.by == "community":
        series = [point(code, 5 + k) for k, code in enumerate(COMMUNITIES)]
        return sum(p.value for p in series) + 3, None, None, [*series, point("unknown", 3)]
    if name == "mediation_completion_rate":
        pairs = ((65, 90), (139, 143)) if query.last.month == 9 else ((71, 112), (151, 170))
        lines = (("centre", "中心牵头"), ("unit", "常轮随驻"))
        series = [
            point(key, n / m, n, m, label)
            for (key, label), (n, m) in zip(lines, pairs, strict=True)
        ]
        return None, None, None, series
    if name == "mediation_open":
        return None, None, None, [point("centre", 9), point("unit", 3)]
    yesterday = one_day and query.first < TODAY
    whole = {
        "hotline_received": 14,
        "hotline_closed": 9,
        "hotline_open": 44 if yesterday else 47,
        "hotline_overdue": 1,
    }
    if name in whole:
        return whole[name], whole[name], None, []
    return 359 / 365, 359, 365, []


QUERIES = {
    "matter_flow": [{"received": 11}],
    "hotline_due": [{"due": 9, "passed": 1}],
    "open_matters": [
        {
            "platform": "hotline_12345",
            "kind": "道路积水",
            "community_name": "苇荡社区",
            "unit": "建管中心",
            "state": "办理中",
            "due_at": NOW - timedelta(hours=2, minutes=6),
        },
        {
            "platform": "mediation",
            "kind": "邻里",
            "community_name": None,
            "unit": None,
            "state": None,
            "due_at": None,
        },
    ],
    "gauge_latest": [
        {
            "station": one.code,
            "observed_at": AT if k else AT - timedelta(hours=4),
            "level_m": one.levels[-1].warning - 0.3 - 0.2 * k,
            "rise_1h_m": 0.02,
            "rain_1h_mm": 0.0,
            "rain_24h_mm": float(k),
        }
        for k, one in enumerate(load_thresholds().stations)
    ],
    "gauge_series": [
        {"observed_at": AT - timedelta(minutes=15 * k), "level_m": 9.0} for k in range(96, -1, -1)
    ],
    "weather_now": [
        {
            "observed_at": AT,
            "temp_c": 11.4,
            "humidity_pct": 86,
            "wind_ms": 3.2,
            "wind_dir": "东北风",
            "sky": "中雨",
            "rain_1h_mm": 2.4,
            "rain_24h_mm": 31.0,
            "next_6h_low_mm": 25,
            "next_6h_high_mm": 40,
        }
    ],
    "weather_hours": [{"hour_at": AT.replace(minute=0), "rain_1h_mm": 2.4}],
    "weather_warnings": [
        {"kind": "暴雨", "rank": 3, "issued_at": AT, "ends_at": None},
        {"kind": "大风", "rank": 4, "issued_at": AT, "ends_at": NOW - timedelta(minutes=1)},
    ],
}


@dataclass
class MadeUpReader:
    asked: list = field(default_factory=list)
    broken: tuple = ()
    together: list = field(default_factory=list)

    def definitions(self):
        return load_metrics()

    def ahead(self, wanted, generation):
        self.together.append([(name, query) for name, query in wanted])
        if any(name in self.broken for name, _ in wanted):
            raise QueryFailed("several", "several: took too long")

    def metric(self, name, query, generation):
        self.asked.append(name)
        if name in self.broken:
            raise QueryFailed(name, f"{name} took too long")
        value, num, den, series = answers(name, query)
        return MetricAnswer(
            name, 1, name, "件", "", query.first, query.last, value, num, den, {}, AT,
            generation, tuple(series),
        )  # fmt: skip

    def query(self, name, params, generation):
        self.asked.append(name)
        return pa.Table.from_pylist(QUERIES[name])


@dataclass
class MadeUpData:
    store: object
    reader: MadeUpReader
    platforms: dict
    site: object = field(default_factory=load_site)
    thresholds: object = field(default_factory=load_thresholds)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A case store's file as a new installation has it, made once."""
    var = tmp_path_factory.mktemp("cases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGLAN_VAR", str(var))
        store = open_store()
        migrate(store)
        store.close()
    return var / "cases.sqlite3"


def new_store(var, migrated, monkeypatch):
    var.mkdir(exist_ok=True)
    shutil.copy(migrated, var / "cases.sqlite3")
    monkeypatch.setenv("HONGLAN_VAR", str(var))
    return open_store()


@pytest.fixture
def data(tmp_path, monkeypatch, migrated):
    store = new_store(tmp_path, migrated, monkeypatch)
    with clock.frozen(NOW):
        for key in load_platforms():
            health.succeeded(store, key, AT.replace(tzinfo=clock.ZONE), rows_in=3)
        health.published(store, 7, AT.replace(tzinfo=clock.ZONE))
        yield MadeUpData(store, MadeUpReader(), load_platforms())


def generation(at=AT, platforms=("hotline_12345", "mediation", "gauge", "weather")):
    sources = tuple(SourceState(f"demo:{key}", key, True, True, at) for key in platforms)
    return Generation(7, at, sources)


SCENE = load_scene("overview").panels


def overview(data, now, generation, memory=None, last=None):
    return content.Moment(data, now, generation, memory, last).all(SCENE)


@pytest.fixture
def shown(data):
    return overview(data, NOW, generation())


def test_every_panel_of_the_scene_has_something_to_show(shown):
    assert all(one.facts is not None for one in shown.values())


def test_every_panel_names_the_platforms_behind_it(data):
    for name, panel in PANELS.items():
        assert panel.ask is not None or not panel.behind, name
        assert set(panel.behind) <= set(data.platforms), name


def test_every_query_the_wall_asks_is_marked_for_the_wall_and_names_its_platforms():
    queries = load_queries()
    asks = [panel for panel in PANELS.values() if panel.ask is not None]
    asked = {name for panel in asks for name in panel.reads} & set(queries)
    assert len(asked) > 10
    for name in asked:
        words = queries[name].words
        assert words["wall"] == "yes"
        assert words.get("platforms") or words.get("subjects"), name  # whose deliveries change it


def test_the_parts_of_the_map_add_up_to_the_month(shown):
    facts = shown["district_map"].facts
    assert facts.unplaced == 3
    assert sum(one.count for one in facts.counts) + 3 == answers_total()


def answers_total():
    return sum(5 + k for k in range(len(COMMUNITIES))) + 3


def test_the_balance_of_the_day_closes(shown):
    facts = shown["overdue"].facts
    assert facts.carried + facts.received - facts.closed - facts.dropped == facts.still_open
    assert (facts.carried, facts.received, facts.closed, facts.dropped) == (44, 14, 9, 2)


def test_open_orders_are_one_figure_everywhere(shown):
    assert (
        shown["received_today"].facts.still_open
        == shown["overdue"].facts.still_open
        == shown["open_matters"].facts.hotline
        == 47
    )


def test_today_is_one_figure_in_tile_and_balance(shown):
    assert shown["received_today"].facts.today == shown["overdue"].facts.received == 14


def test_the_week_before_is_cut_at_the_same_time(data, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        Asking,
        "rows",
        lambda self, name, params=None: seen.update({name: params}) or [{"received": 11}],
    )
    facts = hotline.received(Asking(data, NOW, generation()))
    assert facts.before == 11 and facts.before_label == "上周一同时段"
    assert seen["matter_flow"]["as_of"] == AT - timedelta(days=7)
    assert seen["matter_flow"]["first"] == date(2026, 11, 16)


def test_thirty_finished_days_and_the_running_one(shown):
    facts = shown["hotline_trend"].facts
    assert len(facts.days) == len(facts.counts) == 30
    assert facts.days[-1] == TODAY - timedelta(days=1)
    assert all(value is not None for value in facts.mean)


def test_after_september_the_public_pair_stays_and_the_year_so_far_is_beside_it(shown):
    centre, unit = shown["mediation_lines"].facts.lines
    assert (centre.closed, centre.accepted, centre.so_far) == (65, 90, (71, 112))
    assert (unit.closed, unit.accepted, unit.so_far) == (139, 143, (151, 170))
    assert shown["mediation_lines"].facts.period == "本年1—9月"


def test_before_october_the_year_so_far_is_the_figure(data):
    facts = matters.mediation(Asking(data, datetime(2026, 8, 3, 9), generation()))
    assert facts.period == "本年至今" and facts.lines[0].so_far is None


def test_matters_are_composed_of_codes(shown):
    first, second = shown["open_matters"].facts.matters
    assert (first.kind, first.place, first.unit) == ("道路积水", "苇荡", "建管中心")
    assert first.left < timedelta(0)
    assert (second.kind, second.place, second.unit) == ("邻里纠纷", "未定到村", "未派单")
    assert second.left is None and second.dispute


def test_a_station_that_is_silent_keeps_its_rank(shown):
    first = shown["nearest_level"].facts.station
    assert first.silent and first.rank == 4 and first.age > timedelta(hours=4)
    assert shown["ribbon"].facts.rank == 3, "the weather's yellow is graver"


def test_a_reading_of_last_week_is_history(data, monkeypatch):
    old = [row | {"observed_at": AT - timedelta(days=8)} for row in QUERIES["gauge_latest"]]
    monkeypatch.setitem(QUERIES, "gauge_latest", old)
    stations = water.stations(Asking(data, NOW, generation()))
    assert all(one.rank is None and one.silent for one in stations)


def test_a_warning_that_has_ended_is_not_shown(shown):
    assert [one.kind for one in shown["warnings"].facts.warnings] == ["暴雨"]


def test_the_hours_without_a_reading_are_gaps(shown):
    bars = shown["rain"].facts.bars
    assert len(bars) == 24 and bars[-1] == 2.4 and bars[0] is None


def test_the_time_of_the_data_is_the_oldest_behind_the_panel(data):
    late = replace(
        generation(),
        sources=(
            SourceState("demo:hotline_12345", "hotline_12345", True, True, AT),
            SourceState("demo:mediation", "mediation", True, True, AT - timedelta(minutes=30)),
        ),
    )
    shown = overview(data, NOW, late)
    assert shown["received_today"].feed.as_of == AT
    assert shown["open_matters"].feed.as_of == AT - timedelta(minutes=30)


def test_an_imported_set_is_never_the_walls(data):
    apart = replace(
        generation(), sources=(SourceState("hefei", "hotline_12345", False, False, AT),)
    )
    assert overview(data, NOW, apart)["received_today"].feed.state == "loading"


def test_a_platform_past_its_limit_greys_its_panels(data):
    later = NOW + timedelta(hours=3)
    with clock.frozen(later):
        shown = overview(data, later, generation())
    assert shown["received_today"].feed.state == "stale"
    assert shown["received_today"].feed.age == timedelta(hours=3, minutes=2)
    assert shown["received_today"].facts is not None


def test_one_failing_question_leaves_the_other_panels(data):
    data.reader.broken = ("hotline_on_time_rate",)
    shown = overview(data, NOW, generation())
    assert shown["on_time_rate"].feed.state == "failed" and shown["on_time_rate"].facts is None
    assert shown["received_today"].facts.today == 14


def test_the_first_load_is_told_by_platform(data, tmp_path, monkeypatch, migrated):
    data.store = new_store(tmp_path / "new", migrated, monkeypatch)
    health.progress(data.store, "hotline_12345", 2100, 9800, "载入中")
    shown = overview(data, NOW, None)
    assert shown["received_today"].feed.state == "loading"
    assert shown["received_today"].feed.progress == "首次载入 21 %\n12345热线 2100 / 9800 条"
    assert shown["scene"].facts.observed_at is None and shown["ribbon"].facts.rank is None
    loads = {one.name: one for one in shown["district_map"].feed.loads}
    assert loads["12345热线"].words == "2100 / 9800 条"
    assert loads["气象"].share == 0.0 and len(loads) == len(data.platforms)
    lamps = {one.name: one for one in shown["platform_lamps"].facts.lamps}
    assert lamps["12345热线"].loading == "首次载入 21 %"


def test_a_platform_switched_off_is_not_connected(data):
    data.platforms["gauge"] = replace(data.platforms["gauge"], enabled=False)
    shown = overview(data, NOW, generation())
    assert shown["nearest_level"].feed.state == "off"
    assert shown["link_clock"].facts.platforms == len(data.platforms) - 1


def test_what_was_not_delivered_anew_is_not_asked_again(data):
    memory = Memory()
    overview(data, NOW, generation(), memory)
    first = len(data.reader.asked)
    overview(data, NOW + timedelta(seconds=30), generation(), memory)
    assert len(data.reader.asked) == first
    later = generation(AT + timedelta(minutes=1), ("hotline_12345",))
    merged = replace(later, sources=(*later.sources, *generation().sources[1:]))
    overview(data, NOW + timedelta(minutes=1), merged, memory)
    assert set(data.reader.asked[first:]) == {
        "hotline_received", "hotline_closed", "hotline_open", "hotline_overdue",
        "hotline_on_time_rate", "hotline_response_rate", "hotline_resolution_rate",
        "hotline_satisfaction_rate", "matter_flow", "hotline_due", "open_matters",
    }  # fmt: skip


def test_the_figures_that_an_update_has_to_ask_anew_are_asked_together(data):
    memory = Memory()
    overview(data, NOW, generation(), memory)
    assert not data.reader.together  # nobody knows yet what a first update will ask
    del data.reader.asked[:]
    later = generation(AT + timedelta(minutes=1), ("hotline_12345",))
    merged = replace(later, sources=(*later.sources, *generation().sources[1:]))
    overview(data, NOW + timedelta(minutes=1), merged, memory)
    (wanted,) = data.reader.together
    assert sorted(name for name, _ in wanted) == sorted(
        name for name in data.reader.asked if name in load_metrics()
    )


def test_where_figures_cannot_be_asked_together_each_panel_asks_for_its_own(data):
    memory = Memory()
    overview(data, NOW, generation(), memory)
    data.reader.broken = ("hotline_on_time_rate",)
    later = NOW + timedelta(minutes=1)
    shown = overview(data, later, generation(AT + timedelta(minutes=1)), memory)
    assert data.reader.together
    assert [name for name, one in shown.items() if one.feed.state == "failed"] == ["on_time_rate"]


def test_an_answer_is_asked_again_after_some_minutes(data):
    memory = Memory()
    overview(data, NOW, generation(), memory)
    first = len(data.reader.asked)
    overview(data, NOW + timedelta(minutes=5), generation(), memory)
    assert len(data.reader.asked) == 2 * first


def test_a_platform_that_answered_without_a_new_row_is_not_asked_again(data):
    memory = Memory()
    sources = tuple(replace(one, changed=5) for one in generation().sources)
    overview(data, NOW, replace(generation(), sources=sources), memory)
    first = len(data.reader.asked)
    later = tuple(replace(one, last_success_at=AT + timedelta(minutes=1)) for one in sources)
    overview(data, NOW + timedelta(minutes=1), replace(generation(), sources=later), memory)
    assert len(data.reader.asked) == first
    new = tuple(replace(one, changed=6) if one.platform == "gauge" else one for one in later)
    overview(data, NOW + timedelta(minutes=1), replace(generation(), sources=new), memory)
    assert set(data.reader.asked[first:]) == {"gauge_latest", "gauge_series"}


def test_answers_do_not_all_end_in_one_update():
    ends = {stands_for(("metric", number)) for number in range(40)}
    assert len(ends) > 20 and all(LEAST <= one <= KEPT for one in ends)


def test_a_panel_is_as_old_as_the_rows_of_its_platform_and_not_as_the_last_look(data):
    old = AT - timedelta(hours=20)
    found = generation()
    sources = tuple(
        replace(one, newest_at=old) if one.platform == "hotline_12345" else one
        for one in found.sources
    )
    shown = overview(data, NOW, replace(found, sources=sources))
    assert shown["received_today"].feed.of == old
    assert shown["received_today"].feed.as_of == AT
    assert shown["rain"].feed.of is None  # published by a program that did not tell it
