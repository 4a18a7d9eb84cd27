"""Every metric, model and query says what it is, in SQL that other engines read alike."""

import pytest

from warehouse.build import MODELS
from warehouse.errors import BadDeclaration
from warehouse.header import read_folder, read_sql
from warehouse.lint import lint, lint_all
from warehouse.metric import FOLDER, load_metrics
from warehouse.read import QUERIES
from warehouse.schema import Column

FIRST = {
    "hotline_received", "hotline_closed", "hotline_open", "hotline_overdue",
    "hotline_on_time_rate", "hotline_response_rate", "hotline_resolution_rate",
    "hotline_satisfaction_rate", "hotline_handling_days", "hotline_handling_workdays",
    "hotline_repeat_rate", "mediation_accepted", "mediation_closed", "mediation_open",
    "mediation_completion_rate", "mediation_success_rate", "mediation_days",
    "grid_reported", "grid_closed_rate", "urban_closure_rate", "urban_on_time_closure_rate",
    "whistle_blown", "whistle_resolved_rate", "whistle_on_time_rate", "land_clue",
    "land_confirmed_rate", "land_cleared_rate", "enforcement_filed", "enforcement_closed_rate",
    "enforcement_on_time_rate", "camera_online_rate", "gauge_over_warning", "platform_fresh",
}  # fmt: skip


def test_the_first_metrics_are_there():
    assert set(load_metrics()) >= FIRST


@pytest.mark.parametrize("metric", load_metrics().values(), ids=lambda m: m.id)
def test_a_metric_is_told_in_words_with_its_source_document(metric):
    words = (metric.name, metric.formula, metric.exclusions, metric.document, metric.owner)
    assert all(words)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in metric.name + metric.formula)
    assert metric.basis in ("accepted", "due", "completed", "moment")
    assert metric.version >= 1
    assert (metric.kind == "rate") == (metric.unit == "%")


@pytest.mark.parametrize("file", read_folder(QUERIES).values(), ids=lambda f: f.name)
def test_a_query_names_its_parameters_and_whether_the_wall_may_ask(file):
    named = {each.strip().lstrip("$") for each in file.word("params").split(",")} - {"none"}
    assert named == {each for each in named if f"${each}" in file.sql}
    assert file.word("wall") in ("yes", "no")


def test_models_and_metrics_keep_to_the_portable_subset():
    assert lint_all() == []


@pytest.mark.parametrize(
    ("sql", "breach"),
    [
        ("SELECT * FROM core.a AS a", "select *"),
        ("SELECT a.x AS x FROM core.a AS a GROUP BY ALL", "GROUP BY ALL"),
        ("SELECT LAG(a.x) OVER (ORDER BY a.x) AS y FROM core.a AS a", "LAG (use prev)"),
        ("SELECT median(a.x) AS y FROM core.a AS a", "median"),
        ("SELECT quantile_cont(a.x, 0.5) AS y FROM core.a AS a", "use pctl"),
        ("SELECT arg_max(a.x, a.y) AS z FROM core.a AS a", "arg_max"),
        ("SELECT MAX(a.x) AS x FROM core.a AS a", "alias x is also a column"),
        ("SELECT MAX(a.x) FROM core.a AS a", "has no name"),
        ("SELECT a.x AS x FROM core.a a", "an alias without AS"),
        ("SELECT a.x AS x FROM core.a AS a ASOF JOIN core.b AS b ON a.x >= b.x", "ASOF JOIN"),
        ("SELECT [a.x] AS y FROM core.a AS a", "a list"),
        ("SELECT a.x AS x FROM core.a AS a QUALIFY ROW_NUMBER() OVER () = 1", "QUALIFY"),
        ("SELECT frobnicate(a.x) AS y FROM core.a AS a", "frobnicate() is not known"),
        ("SELECT (a.x AS x FROM core.a AS a", "cannot be read"),
    ],
)
def test_the_lint_finds(tmp_path, sql, breach):
    path = tmp_path / "sample.sql"
    path.write_text(f"-- sample: a sample\n-- reads: core.a\n{sql}\n", encoding="utf-8")
    assert any(breach in each for each in lint(read_sql(path)))


def test_a_portable_select_passes_the_lint(tmp_path):
    path = tmp_path / "sample.sql"
    path.write_text(
        "-- sample: a sample\nSELECT a.x AS x, prev(a.y, 1) OVER (ORDER BY a.x) AS z,"
        " CAST(a.t AS DATE) AS d, TIMESTAMP '2000-01-01 00:00:00' AS e FROM core.a AS a\n",
        encoding="utf-8",
    )
    assert lint(read_sql(path)) == []


def test_a_header_without_its_name_is_refused(tmp_path):
    path = tmp_path / "sample.sql"
    path.write_text("-- other: what\nSELECT 1 AS x\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match="the first line must be `-- sample: what it is`"):
        read_sql(path)


def test_a_wrong_word_in_a_header_is_named(tmp_path):
    for file in FOLDER.glob("hotline_received.sql"):
        text = file.read_text(encoding="utf-8").replace("basis: accepted", "basis: guessed")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    with pytest.raises(BadDeclaration, match="basis guessed is not one of accepted, due"):
        load_metrics(tmp_path)


def test_a_declared_column_has_a_known_type_and_personal_ones_never_reach_the_wall():
    with pytest.raises(ValueError, match="type money is not one of"):
        Column("money", "金额")
    with pytest.raises(ValueError, match="never shown on the wall"):
        Column("text", "姓名", personal="name", wall=True)


def test_every_model_has_grain_owner_and_checks():
    for file in read_folder(MODELS).values():
        assert file.word("grain")
        assert file.word("owner")
        assert {"not_null", "unique"} <= {kind for kind, _ in file.checks}
