"""F8, F9: however deliveries come - twice, late, cut in pieces, corrected, through crashes - the
tables end the same, and the ledger accounts for every row.

Many ways in a minute; HONGLAN_LONG=1 tries 500.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import warehouse.write
from cases.store import migrate, open_store
from config import clock
from config.environment import ROOT
from config.platforms import load_platforms
from etl.loader import Loader

START = datetime(2026, 10, 1, 8, 0)
MONTH = timedelta(days=30)
LONG = os.environ.get("HONGLAN_LONG") == "1"
KEYS = ("hotline_12345", "gauge")
CURRENT = "SELECT * EXCLUDE (source, _batch, _recorded_at) FROM core.{} WHERE source = '{}'"
ORDERS = ("hotline_order", "hotline_event")

order_numbers = st.integers(1, 4)
contents = st.fixed_dictionaries(
    {
        "no": order_numbers,
        "newer": st.integers(0, 4),  # two contents may carry the same update time
        "state": st.sampled_from(["待签收", "办理中", "已办结", "已作废"]),
        "name": st.sampled_from(["王五", "赵六", None]),
        "steps": st.integers(0, 2),
        "right": st.sampled_from([True, True, True, False]),
    }
)
readings = st.fixed_dictionaries(
    {
        "minute": st.integers(0, 2),
        "level": st.sampled_from([None, "9.80", "9.85"]),
        "rain": st.sampled_from([None, "0.5", "2.0"]),
    }
)


class Crash(BaseException):
    """The process ends here."""


class Dying:
    """A connection whose process ends before it can commit."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, text: str, *more: Any) -> Any:
        if text.strip() == "COMMIT":
            raise Crash
        return self._connection.execute(text, *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@contextmanager
def dying(*, before_commit: bool) -> Iterator[None]:
    """Loads that end in a crash, just before the commit or just after it."""
    real = warehouse.write.load_batches

    def load(connection: Any, *more: Any) -> Any:
        result = real(Dying(connection) if before_commit else connection, *more)
        raise Crash(result)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse.write, "load_batches", load)
        with pytest.raises(Crash):
            yield


def record(content: dict) -> dict:
    """An order as the platform sends it; one that is not right closed before it began."""
    when = f"2026-09-2{content['newer']}T10:00:00"
    return {
        "gdbh": f"HL{content['no']:06d}",
        "sqr": content["name"],
        "slsj": "2026-09-20T08:00:00",
        "bjsj": None if content["right"] else "2026-09-01T08:00:00",
        "gdzt": content["state"],
        "sfts": "1" if content["state"] == "已作废" else "0",
        "gxsj": when,
        "lz": [
            {"xh": str(n), "cz": "办理", "sj": f"2026-09-20T0{n}:00:00", "bz": content["state"]}
            for n in range(1, content["steps"] + 1)
        ],
    }


def page(records: list[dict]) -> bytes:
    data = {"total": len(records), "records": records}
    return json.dumps({"code": "0000", "result": {"pageData": data}}).encode()


def dump(rows: list[dict]) -> bytes:
    head = "STCD,TM,Z,DRP,INTV\n"
    lines = [
        f"62900001,2026-09-20 08:0{r['minute']}:00,{r['level'] or ''},{r['rain'] or ''},1\n"
        for r in rows
    ]
    return (head + "".join(lines)).encode()


class Arrival(RuleBasedStateMachine):
    """A hotline and a dump of gauge readings on their way into one installation."""

    template: Path
    home: Path
    made = 0

    @initialize()
    def open_an_installation(self) -> None:
        type(self).made += 1
        self.var = self.home / f"var-{self.made}"
        shutil.copytree(self.template, self.var)
        self.now = START
        self.waiting: list[tuple[str, list[dict]]] = []
        self.arrived: list[tuple[str, list[dict]]] = []
        self.landed: dict[str, list[list[dict]]] = {key: [] for key in KEYS}
        self.store = open_store(f"sqlite:///{self.var / 'cases.sqlite3'}")
        self.loader = self._open()

    def _open(self) -> Loader:
        with clock.frozen(self.now):
            platforms = {key: each for key, each in load_platforms().items() if key in KEYS}
            loader = Loader(self.var, platforms, self.store)
            loader.catch_up()
        return loader

    def _restart(self) -> None:
        self.loader.close()
        self.loader = self._open()

    def _take(self, key: str, rows: list[dict], *, load: bool = True) -> None:
        """One delivery at the next second."""
        self.now += timedelta(seconds=1)
        payload = page([record(each) for each in rows]) if key == KEYS[0] else dump(rows)
        self.landed[key].append(rows)
        with clock.frozen(self.now):
            line = self.loader.archive.land(key, payload, ext="json", source=key)
            if load:
                self.loader.load(key, line, payload)

    def _next(self, which: int) -> tuple[str, list[dict]]:
        delivery = self.waiting.pop(which % len(self.waiting))
        self.arrived.append(delivery)
        return delivery

    @rule(rows=st.lists(contents, min_size=1, max_size=4))
    def the_hotline_sends(self, rows):
        self.waiting.append((KEYS[0], rows))

    @rule(rows=st.lists(readings, min_size=1, max_size=3))
    def the_stations_send(self, rows):
        self.waiting.append((KEYS[1], rows))

    @precondition(lambda self: self.arrived)
    @rule(which=st.integers(0, 99), state=st.sampled_from(["办理中", "已办结", "已作废"]))
    def an_order_is_corrected_or_its_number_used_again(self, which, state):
        key, rows = self.arrived[which % len(self.arrived)]
        if key == KEYS[0]:
            corrected = {**rows[0], "state": state, "newer": 5, "name": "钱七", "right": True}
            self.waiting.append((key, [corrected]))

    @precondition(lambda self: any(len(rows) > 1 for _, rows in self.waiting))
    @rule()
    def a_delivery_comes_in_two_pieces(self):
        at = next(n for n, (_, rows) in enumerate(self.waiting) if len(rows) > 1)
        key, rows = self.waiting.pop(at)
        self.waiting += [(key, rows[1:]), (key, rows[:1])]

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99), late=st.booleans())
    def one_arrives_in_any_order_now_or_thirty_days_late(self, which, late):
        self.now += MONTH if late else timedelta(0)
        self._take(*self._next(which))

    @precondition(lambda self: self.arrived)
    @rule(which=st.integers(0, 99))
    def one_arrives_again(self, which):
        self._take(*self.arrived[which % len(self.arrived)])

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99))
    def the_process_ends_after_landing(self, which):
        self._take(*self._next(which), load=False)
        self._restart()

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99), before_commit=st.booleans())
    def the_process_ends_while_loading(self, which, before_commit):
        with dying(before_commit=before_commit):
            self._take(*self._next(which))
        self._restart()

    @rule()
    def everything_in_quarantine_is_replayed(self):
        with clock.frozen(self.now):
            self.loader.replay()

    @invariant()
    def every_row_is_accounted_for(self):
        if not hasattr(self, "loader"):
            return
        torn = "SELECT * FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined"
        assert self._ask(torn) == []
        twice = "SELECT batch_id FROM core.batch GROUP BY batch_id HAVING count(*) > 1"
        assert self._ask(twice) == []

    def teardown(self) -> None:
        if not hasattr(self, "loader"):
            return
        try:
            while self.waiting:
                self._take(*self._next(0))
            self._compare()
        finally:
            self.loader.close()
            self.store.close()
            shutil.rmtree(self.var)

    def _compare(self) -> None:
        """The same contents in one delivery and in order: the tables and their history are equal.

        Readings know no update time: there the newest delivery of each value counts.
        """
        said = [each for rows in self.landed[KEYS[0]] for each in rows]
        wanted = sorted({json.dumps(each, sort_keys=True) for each in said})
        with clock.frozen(self.now + MONTH):
            payload = page([record(json.loads(each)) for each in wanted])
            self.loader.take(KEYS[0], payload, ext="json", source="in_order")
        for table in (*ORDERS, *(f"{each}_version" for each in ORDERS)):
            found = self._ask(CURRENT.format(table, KEYS[0]))
            assert found == self._ask(CURRENT.format(table, "in_order")), table
        newest = {(e["no"], e["newer"]) for e in said if e["right"]}
        current = "SELECT order_no, updated_at FROM core.hotline_order WHERE source = '{}'"
        assert self._ask(current.format(KEYS[0])) == [
            (f"HL{no:06d}", datetime(2026, 9, 20 + max(n for m, n in newest if m == no), 10))
            for no in sorted({no for no, _ in newest})
        ]
        levels: dict[int, list[str | None]] = {}
        for row in [each for rows in self.landed[KEYS[1]] for each in self._folded(rows)]:
            known = levels.setdefault(row["minute"], [None, None])
            known[0], known[1] = row["level"] or known[0], row["rain"] or known[1]
        found = self._ask(
            "SELECT minute(observed_at), level_m, rain_mm FROM core.gauge_reading"
            " WHERE source = 'gauge'"
        )
        assert found == [
            (minute, *(None if value is None else float(value) for value in values))
            for minute, values in sorted(levels.items())
        ]

    def _folded(self, rows: list[dict]) -> list[dict]:
        """Of one delivery the largest value counts."""
        best: dict[int, dict] = {}
        for row in rows:
            kept = best.setdefault(row["minute"], dict(row))
            for name in ("level", "rain"):
                kept[name] = max(kept[name] or "", row[name] or "") or None
        return list(best.values())

    def _ask(self, sql: str) -> list[tuple]:
        with self.loader.writing() as writer:
            return sorted(writer.connection.execute(sql).fetchall(), key=repr)


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.timeout(14_400 if LONG else 900)
def test_the_tables_do_not_know_how_the_deliveries_came(tmp_path, monkeypatch):
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    template = tmp_path / "template"
    monkeypatch.setenv("HONGLAN_VAR", str(template))
    monkeypatch.setenv("HONGLAN_CONFIG", str(config))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    template.mkdir()
    store = open_store()
    migrate(store)
    platforms = {key: each for key, each in load_platforms().items() if key in KEYS}
    Loader(template, platforms, store).close()
    store.close()
    Arrival.template, Arrival.home = template, tmp_path
    test = Arrival.TestCase("runTest")
    test.settings = settings(
        max_examples=500 if LONG else 20,
        stateful_step_count=20 if LONG else 12,
        deadline=None,
        phases=set(Phase) - (set() if LONG else {Phase.shrink}),  # that takes many minutes
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    test.runTest()
