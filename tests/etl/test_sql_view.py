"""Views of real PostgreSQL and MariaDB servers, and of a SQLite file: read whole, never written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql_text
from sqlalchemy.exc import DBAPIError

from config.errors import ConfigError
from config.platforms import Platform
from etl.errors import Refused, Retryable
from etl.transports import sql_view
from etl.transports.sql_question import question
from etl.transports.sql_session import session
from tests.etl import servers

NOW = datetime(2026, 11, 23, 12)
FILL = {
    "postgresql+psycopg": """
        CREATE TABLE pump (id integer PRIMARY KEY, "站名" text, q numeric(12, 3), on_duty boolean,
          blob bytea, spare text, day date, clock time, upd timestamp, tz timestamptz, seq bigint);
        INSERT INTO pump SELECT n, '站' || n, n + 0.500, true, '\\x00ff', NULL, '2026-11-01',
          '08:30:00', timestamp '2026-11-23 08:00' + n / 4 * interval '1 second',
          timestamptz '2026-11-23 00:00+00', 9223372036854775000 + n
        FROM generate_series(1, 25) AS n;
        CREATE VIEW v_pump AS SELECT * FROM pump""",
    "mysql+pymysql": """
        USE street; SET time_zone = '+00:00';
        CREATE TABLE street.pump (id integer PRIMARY KEY, 站名 varchar(20), q decimal(12, 3),
          on_duty bit(1), `blob` varbinary(9), spare text, day date, clock time, upd datetime,
          tz timestamp NULL, seq bigint);
        INSERT INTO street.pump SELECT seq, concat('站', seq), seq + 0.500, 1, x'00ff', NULL,
          '2026-11-01', '08:30:00', '2026-11-23 08:00' + INTERVAL seq DIV 4 SECOND,
          '2026-11-23 00:00', 9223372036854775000 + seq FROM seq_1_to_25;
        CREATE VIEW street.v_pump AS SELECT * FROM street.pump""",
    "sqlite": """
        CREATE TABLE pump (id integer PRIMARY KEY, 站名 text, q numeric, on_duty integer,
          blob blob, spare text, day text, clock text, upd text, tz text, seq bigint);
        WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 25)
        INSERT INTO pump SELECT n, '站' || n, n + 0.5, 1, x'00ff', NULL, '2026-11-01', '08:30:00',
          datetime('2026-11-23 08:00', '+' || (n / 4) || ' seconds'), '2026-11-23 08:00:00',
          9223372036854775000 + n FROM c;
        CREATE VIEW v_pump AS SELECT * FROM pump""",
}


def platform(options: dict) -> Platform:
    return Platform(
        "pump_gate", "泵站", "泵站", "水务局", "", "sql_view", timedelta(minutes=1),
        timedelta(minutes=4), False, True, options,
    )  # fmt: skip


class Base:
    """A database with a view of 25 rows, four to a second."""

    def __init__(self, driver: str, server: dict) -> None:
        self.driver, self.say = driver, server["say"]
        self.options = {"driver": driver, "view": "v_pump", "key": "id", "updated": "upd"}
        self.options |= {"database": server["database"], "size": 4, "overlap": "1s"}
        if driver == "sqlite":
            self.options["updated_type"] = "text"
        else:
            self.options |= {"host": "127.0.0.1", "port": server["port"], "user": servers.USER}
            self.options["password_env"] = "PUMP_PASSWORD"
        self.say(FILL[driver])

    def block(self, **more: object) -> Platform:
        return platform({**self.options, **more})

    def ask(self, cursor: str | None = None, now: datetime = NOW, **more: object) -> list:
        asked = sql_view.poll(self.block(**more))
        return [(rows(page.payload), page) for page in asked.pages(cursor, now)]

    @property
    def table(self) -> str:
        return "street.pump" if self.driver == "mysql+pymysql" else "pump"


def rows(payload: bytes) -> list[dict]:
    return json.loads(payload)["rows"]


def ids(pages: list) -> list[str]:
    return [row["id"] for found, _ in pages for row in found]


@pytest.fixture(params=["postgresql+psycopg", "mysql+pymysql", "sqlite"], scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[tuple[str, dict]]:
    if request.param == "postgresql+psycopg":
        with servers.postgresql() as found:
            yield request.param, found
    elif request.param == "mysql+pymysql":
        with servers.mariadb() as found:
            yield request.param, found
    else:
        file = tmp_path_factory.mktemp("file") / "泵 站.sqlite3"

        def say(words: str) -> None:
            with sqlite3.connect(file) as connection:
                connection.executescript(words)

        yield request.param, {"database": str(file), "say": say}


@pytest.fixture
def base(server, var, monkeypatch) -> Iterator[Base]:
    monkeypatch.setenv("PUMP_PASSWORD", servers.PASSWORD)
    made = Base(*server)
    yield made
    made.say(f"DROP VIEW {made.table.replace('pump', 'v_pump')}; DROP TABLE {made.table}")


def test_all_rows_come_once_in_pages_that_end_in_the_middle_of_a_second(base):
    pages = base.ask()
    assert ids(pages) == [str(n) for n in range(1, 26)]
    assert [len(found) for found, _ in pages] == [4, 4, 4, 4, 4, 4, 1]
    assert [page.total for _, page in pages] == [25, *[None] * 6]
    cursors = [page.cursor for _, page in pages]
    assert cursors == sorted(cursors) and cursors[-1].replace(" ", "T") == "2026-11-23T08:00:06"


def test_every_type_comes_as_text_the_same_from_each_server(base):
    first = base.ask()[0][0][0]
    assert first["on_duty"] in ("true", "01", "1")
    expected = {
        "id": "1",
        "站名": "站1",
        "q": "1.5" if base.driver == "sqlite" else "1.500",
        "blob": "00FF",
        "spare": None,
        "day": "2026-11-01",
        "clock": "08:30:00",
        "upd": "2026-11-23T08:00:00",
        "tz": "2026-11-23T08:00:00",
        "seq": "9223372036854775001",
    }
    local = {**first, "upd": first["upd"].replace(" ", "T"), "tz": first["tz"].replace(" ", "T")}
    assert {name: value for name, value in local.items() if name != "on_duty"} == expected


def test_the_next_poll_asks_from_the_overlap_before_the_cursor(base):
    cursor = base.ask()[-1][1].cursor
    assert ids(base.ask(cursor)) == [str(n) for n in range(20, 26)]
    base.say(f"UPDATE {base.table} SET upd = '2026-11-23 09:00:00' WHERE id = 3")
    assert ids(base.ask(cursor))[-1] == "3"


def test_nothing_new_is_one_empty_page(base):
    ((found, page),) = base.ask("2026-11-23 09:00:00")
    assert (found, page.records, page.cursor) == ([], 0, None)


def test_rows_without_an_update_time_come_with_every_poll(base):
    base.say(f"UPDATE {base.table} SET upd = NULL WHERE id IN (5, 6)")
    assert sorted(map(int, ids(base.ask()))) == list(range(1, 26))
    pages = base.ask("2026-11-23 09:00:00")
    assert ids(pages) == ["5", "6"]
    assert pages[-1][1].cursor is None


def test_a_row_dated_ahead_does_not_move_the_cursor_past_our_clock(base):
    base.say(f"UPDATE {base.table} SET upd = '2031-01-01 00:00:00' WHERE id = 2")
    pages = base.ask()
    assert ids(pages)[-1] == "2"
    cursors = [page.cursor.replace(" ", "T") for _, page in pages if page.cursor]
    assert max(cursors) <= "2026-11-23T12:00:00"
    assert len(cursors) >= 6


def test_a_version_number_can_take_the_place_of_the_time(base):
    pages = base.ask(updated="seq", updated_type="number", overlap=2)
    assert pages[-1][1].cursor == "09223372036854775025"
    again = base.ask(pages[-1][1].cursor, updated="seq", updated_type="number", overlap=2)
    assert ids(again) == ["23", "24", "25"]


def test_a_view_without_an_update_column_is_read_whole_each_time(base):
    pages = base.ask(updated="", columns=["站名"], key=["站名", "id"])
    assert sorted(ids(pages), key=int) == [str(n) for n in range(1, 26)]
    assert list(pages[0][0][0]) == ["站名", "id"]
    assert {page.cursor for _, page in pages} == {None}


def test_the_session_cannot_write_even_where_the_user_may(base):
    asked = question(base.block())
    for words in ("CREATE TABLE left_behind (id integer)", f"DELETE FROM {base.table}"):
        with (
            pytest.raises(DBAPIError, match=r"(?i)read.?only"),
            session(asked.key, asked.options, asked.timeout) as connection,
        ):
            connection.execute(sql_text(words))
            connection.commit()
    assert len(ids(base.ask())) == 25


def test_a_statement_that_takes_too_long_is_ended_by_the_server_and_may_be_asked_again(base):
    view = base.table.replace("pump", "v_pump")
    cross = ", ".join(f"{base.table} AS x{n}" for n in range(6))
    base.say(f"DROP VIEW {view}; CREATE VIEW {view} AS SELECT x0.* FROM {cross} ORDER BY x5.q")
    with pytest.raises(Retryable):
        base.ask(timeout="1s")


def test_what_a_person_must_mend_is_told_apart_from_what_passes(base):
    with pytest.raises(Refused, match=r"^pump_gate: .*v_nothing"):
        base.ask(view="v_nothing")
    with pytest.raises(Refused, match=r"^pump_gate: .*zeit"):
        base.ask(updated="zeit")
    with pytest.raises(Refused, match=r"^pump_gate: .*kennung"):
        base.ask(key="kennung", updated="")


def test_a_view_of_another_shape_is_quoted_and_not_read_as_sql(base):
    view = base.table.replace("pump", '"Select"' if base.driver != "mysql+pymysql" else "`Select`")
    base.say(f"CREATE VIEW {view} AS SELECT * FROM {base.table}")
    try:
        assert len(ids(base.ask(view="Select"))) == 25
    finally:
        base.say(f"DROP VIEW {view}")


def test_a_wrong_password_needs_a_person_and_is_never_shown(base, monkeypatch):
    if base.driver == "sqlite":
        with pytest.raises(Retryable, match=r"nirgends.sqlite3 is not there"):
            base.ask(database="nirgends.sqlite3")
        return
    monkeypatch.setenv("PUMP_PASSWORD", "a-wrong-one")
    with pytest.raises(Refused) as caught:
        base.ask()
    assert "a-wrong-one" not in str(caught.value)
    with pytest.raises(Retryable):
        base.ask(port=servers.free_port())


@pytest.mark.parametrize("server", ["postgresql+psycopg", "mysql+pymysql"], indirect=True)
def test_times_that_python_cannot_hold_stay_text(base):
    """A SQLite file has no times of its own."""
    odd = "infinity" if base.driver == "postgresql+psycopg" else "0000-00-00 00:00:00"
    if base.driver == "mysql+pymysql":
        base.say("SET GLOBAL sql_mode = ''")
    base.say(f"UPDATE {base.table} SET upd = '{odd}' WHERE id = 9")
    pages = base.ask(size=1)
    assert len(ids(pages)) == 25
    assert {row["upd"] for found, _ in pages for row in found if row["id"] == "9"} == {odd}
    assert max(page.cursor or "" for _, page in pages) == "2026-11-23T08:00:06"


def test_a_page_larger_than_allowed_is_refused(base, monkeypatch):
    monkeypatch.setattr(sql_view, "MAX_BYTES", 500)
    with pytest.raises(Refused, match="larger than"):
        base.ask()


def test_the_rows_of_each_day_are_counted_by_the_server(base):
    base.say(f"UPDATE {base.table} SET upd = '2026-11-21 23:59:59' WHERE id < 4")
    base.say(f"UPDATE {base.table} SET upd = '2026-11-24 00:00:00' WHERE id = 25")
    asked = replace(base.block(), totals={"day": "upd"})
    found = sql_view.totals(asked, date(2026, 11, 20), date(2026, 11, 23))
    assert found == {date(2026, 11, 21): 3, date(2026, 11, 23): 21}
    summed = replace(base.block(), totals={"day": "upd", "count": "id", "view": "v_pump"})
    found = sql_view.totals(summed, date(2026, 11, 21), date(2026, 11, 21))
    assert found == {date(2026, 11, 21): 1 + 2 + 3}
    with pytest.raises(Refused, match="v_no"):
        sql_view.totals(
            replace(asked, totals={"day": "upd", "view": "v_no"}), NOW.date(), NOW.date()
        )


@pytest.mark.parametrize(
    ("name", "value"), [("day", ""), ("day", "a b"), ("view", "a.b.c"), ("count", "1+1"), ("x", 1)]
)
def test_a_setting_of_the_totals_that_cannot_be_used_is_named(var: Path, name, value):
    asked = platform({"driver": "sqlite", "database": "d", "view": "v", "key": "id"})
    with pytest.raises(ConfigError) as caught:
        sql_view.check_totals(replace(asked, totals={"day": "upd", name: value}))
    assert caught.value.key == f"pump_gate.totals.{name}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("driver", "postgresql://u:p@h/d"),
        ("host", "u:secret@h"),
        ("host", ""),
        ("user", "a; DROP"),
        ("port", "5432"),
        ("view", "v; DROP TABLE x"),
        ("view", "a.b.c"),
        ("view", ""),
        ("key", 'id"'),
        ("key", []),
        ("updated", "upd DESC"),
        ("columns", ["a", "b c"]),
        ("updated_type", "guess"),
        ("size", 0),
        ("overlap", 5),
        ("timeout", "soon"),
        ("password", "topsecret"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(var: Path, name, value):
    options = {"driver": "mysql+pymysql", "host": "db", "user": "u", "database": "d"}
    options |= {"view": "v", "key": "id", "updated": "upd", name: value}
    with pytest.raises(ConfigError) as caught:
        sql_view.check(platform(options))
    assert caught.value.key == f"pump_gate.sql_view.{name}"


def test_a_missing_secret_is_told_when_the_question_is_put(var: Path, monkeypatch):
    monkeypatch.delenv("PUMP_PASSWORD", raising=False)
    options = {"driver": "mysql+pymysql", "host": "db", "user": "u", "database": "d"}
    asked = platform({**options, "view": "v", "key": "id", "password_env": "PUMP_PASSWORD"})
    sql_view.check(asked)
    with pytest.raises(ConfigError, match="PUMP_PASSWORD"):
        list(sql_view.poll(asked).pages(None, NOW))
