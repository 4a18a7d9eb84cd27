"""python -m warehouse: one answer or one sentence, and the exit code that says which."""

import fcntl
import json
from datetime import datetime

import pytest

from warehouse.__main__ import main

NOW = datetime(2026, 11, 23, 12, 0)


@pytest.fixture
def place(town, order, monkeypatch):
    """A published town that the commands find by their environment."""
    town.load("hotline_order", [order(1), order(2)])
    town.publish(NOW)
    town.warehouse.close()
    monkeypatch.setenv("HONGLAN_VAR", str(town.var))
    return town


def test_a_metric_answers_as_the_api_does(place, capsys):
    days = ["--from", "2026-11-01", "--to", "2026-11-30", "--by", "day"]
    assert main(["metric", "hotline_received", *days, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == place.ask("hotline_received", by="day").to_json()


def test_metrics_lists_every_definition(place, capsys):
    assert main(["metrics", "--json"]) == 0
    assert {m["id"] for m in json.loads(capsys.readouterr().out)["metrics"]} == set(
        place.reader.definitions()
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["metric", "nothing"], "metric=nothing is not allowed"),
        (["metric", "hotline_received", "--from", "gestern"], "from=gestern is not allowed"),
        (["metric", "hotline_received", "--by", "colour"], "by=colour is not allowed"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_exit_2(place, capsys, words, says):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_an_unknown_verb_is_exit_2(place, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["frob"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_sql_reads_the_snapshot_and_cannot_change_it(place, capsys):
    assert main(["sql", "SELECT count(*) AS n FROM core.hotline_order", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"n": 2}]
    assert main(["sql", "DELETE FROM core.hotline_order"]) == 1
    assert main(["sql", "COPY core.hotline_order TO '/tmp/x.csv'"]) == 1


def test_without_a_snapshot_the_answer_is_try_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    assert main(["metric", "hotline_received"]) == 75
    assert "no snapshot" in capsys.readouterr().err


def test_build_waits_for_nobody(place, capsys):
    with (place.var / "etl.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert main(["build"]) == 75
    assert "try again" in capsys.readouterr().err
    assert main(["build"]) == 0


def test_check_holds_on_a_sound_snapshot(place, capsys):
    assert main(["check"]) == 0
    assert "all checks hold" in capsys.readouterr().out


def test_check_finds_a_day_that_is_not_its_rows(town, order, monkeypatch, capsys):
    town.load("hotline_order", [order(1)])
    town.warehouse.mark_success("hotline_12345", "hotline_12345", NOW)
    town.warehouse.build()
    town.sql("UPDATE mart.cube_unit SET num = num + 1 WHERE on_day = DATE '2026-11-02'")
    town.publish(NOW)
    town.warehouse.close()
    monkeypatch.setenv("HONGLAN_VAR", str(town.var))
    assert main(["check"]) == 1
    assert "day totals of cube_unit are not its rows" in capsys.readouterr().err
