"""Case tables: filtered, sorted, searched and paged in the warehouse, never in the browser."""

from datetime import date, datetime

import pytest

from warehouse.assemble.wide import wide
from warehouse.build import MODELS
from warehouse.errors import UnknownParameter
from warehouse.header import read_folder
from warehouse.metric import load_metrics
from warehouse.read import Filter, MetricQuery, Scope, Sift

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
HOSTILE = ["%", "_", "'", '"', "\\", ".*", "(", "[a-z]", "'; DROP TABLE x; --", "$1", "100%_达标"]


@pytest.fixture(scope="module")
def table(shared_town, order):
    """Orders with titles; a function that asks for them. Nothing here changes them."""
    town = shared_town
    titles = ["路灯不亮", "井盖松动", "路灯闪烁", "噪音扰民", "100%_达标'\"\\", "路灯被撞"]
    town.load(
        "hotline_order",
        [
            order(
                n,
                f"2026-11-{2 + n:02} 08:00:00",
                title=title,
                content=f"内容 {n} 提到水管" if n % 2 else "无",
                addr="春溪路***",
                unit_main=f"单位{n % 2}",
                community_code=f"32011700500{1 + n % 2}",
                rework_no=str(n),
            )
            for n, title in enumerate(titles)
        ],
    )
    town.publish()

    def ask(sift=None, metric="hotline_received", scope=None, **options):
        query = MetricQuery(FIRST, LAST, scope=scope)
        return town.reader.rows(metric, query, sift=sift or Sift(), **options)

    ask.town = town
    return ask


def titles(rows):
    return [row["title"] for row in rows.rows]


def test_words_are_looked_for_in_number_title_and_place(table):
    assert titles(table(Sift("路灯"))) == ["路灯被撞", "路灯闪烁", "路灯不亮"]
    assert table(Sift("春溪路")).total == 6
    one = table().rows[0]
    assert [row["key"] for row in table(Sift(one["key"])).rows] == [one["key"]]
    assert [row["key"] for row in table(Sift(one["key"].lower())).rows] == [one["key"]]


def test_long_texts_are_searched_only_when_asked_for(table):
    assert table(Sift("水管")).total == 0
    assert table(Sift("水管", full=True)).total == 3


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("full", [False, True])
def test_hostile_words_are_just_text(table, words, full):
    expected = sum(words in row["title"] for row in table().rows)
    assert table(Sift(words, full=full)).total == expected
    contains = Sift(filters=(Filter("title", "contains", (words,)),))
    assert table(contains).total == expected


@pytest.mark.parametrize(
    ("test", "values", "count"),
    [
        ("contains", ("路灯",), 3),
        ("not_contains", ("路灯",), 3),
        ("equals", ("井盖松动",), 1),
        ("not_equals", ("井盖松动",), 5),
        ("starts", ("路灯",), 3),
        ("ends", ("扰民",), 1),
        ("blank", (), 0),
        ("filled", (), 6),
        ("among", ("路灯不亮", "噪音扰民"), 2),
        ("among", (), 0),
    ],
)
def test_a_text_column_is_filtered(table, test, values, count):
    assert table(Sift(filters=(Filter("title", test, values),))).total == count


@pytest.mark.parametrize(
    ("test", "values", "count"),
    [("less", (2,), 2), ("at_most", (2,), 3), ("more", (2,), 3), ("between", (1, 3), 3)],
)
def test_a_number_is_filtered_by_its_size(table, test, values, count):
    assert table(Sift(filters=(Filter("rework_no", test, values),))).total == count


def test_a_moment_is_filtered_by_its_day(table):
    day = (datetime(2026, 11, 3), datetime(2026, 11, 4, 23, 59, 59))
    assert table(Sift(filters=(Filter("received_at", "between", day),))).total == 2


def test_filters_and_words_hold_together(table):
    sift = Sift("路灯", filters=(Filter("unit", "equals", ("单位0",)),))
    assert titles(table(sift)) == ["路灯闪烁", "路灯不亮"]


def test_an_unknown_column_is_refused(table):
    with pytest.raises(UnknownParameter, match="filter=caller_hash"):
        table(Sift(filters=(Filter("caller_hash", "filled"),)))
    with pytest.raises(UnknownParameter, match="sort"):
        table(sort="caller_hash")


def test_pages_put_together_are_the_whole_table(table):
    for sort in ("title", "-rework_no", "community", None):
        whole = [row["key"] for row in table(sort=sort).rows]
        pages = [
            row["key"]
            for offset in range(0, 6, 2)
            for row in table(sort=sort, limit=2, offset=offset).rows
        ]
        assert pages == whole and len(set(whole)) == 6


def test_the_whole_table_comes_block_by_block_in_the_same_order(table):
    query = MetricQuery(FIRST, LAST)
    sift = Sift("路灯")
    blocks = list(table.town.reader.every("hotline_received", query, most=100, block=2, sift=sift))
    assert [len(block) for block in blocks] == [2, 1]
    assert [row["title"] for block in blocks for row in block] == titles(table(sift))
    some = table.town.reader.every("hotline_received", query, most=4, block=3)
    assert sum(len(block) for block in some) == 4


def test_a_unit_searches_its_own_cases_alone(table):
    scope = Scope(("单位1",), ())
    assert table(Sift("路灯"), scope=scope).total == 1
    own = table(scope=scope)
    assert {row["unit"] for row in own.rows} == {"单位1"}
    number = next(row["key"] for row in table().rows if row["unit"] == "单位0")
    assert table(Sift(number), scope=scope).total == 0


def test_a_metric_whose_details_are_joined_is_filtered_alike(table, monkeypatch):
    from warehouse import listing

    sift = Sift("路灯", filters=(Filter("rework_no", "more", (0,)),))
    expected = table(sift, sort="title")
    monkeypatch.setattr(listing, "wide", lambda *_: None)
    joined = table(sift, sort="title")
    assert titles(joined) == titles(expected) == ["路灯被撞", "路灯闪烁"]
    assert joined.total == 2


def test_the_wide_form_of_every_metric_gives_the_metrics_own_rows(table):
    models, town = read_folder(MODELS), table.town
    seen = 0
    for metric in load_metrics().values():
        known = {row[0] for row in town.sql("SELECT view_name FROM duckdb_views()")}
        if metric.fact is None or f"metric_{metric.id}" not in known:
            continue
        found = wide(metric.sql, models, metric.fact, [])
        if found is None:
            continue
        seen += 1
        a = town.sql(f"SELECT source, key, on_day, num, den FROM mart.metric_{metric.id}")
        b = town.sql(f"SELECT source, key, on_day, num, den FROM ({found})")
        assert sorted(a, key=str) == sorted(b, key=str)
    assert seen >= 10
