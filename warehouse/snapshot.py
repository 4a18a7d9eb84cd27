"""One published generation, opened: locked-down connection, numbers of the metrics, and, once they
are asked for, labels and columns: a wall that draws a new generation needs few of them."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from warehouse import engine, generation
from warehouse.answer import ColumnInfo
from warehouse.assemble.cube import TABLES, present
from warehouse.errors import QueryFailed, QueryStopped
from warehouse.generation import Generation
from warehouse.publish import read_generation
from warehouse.scope import Relations, relations_of
from warehouse.timer import TIMER

T = TypeVar("T")
_MOST_CELLS = 300_000  # of remembered answers together: about 30 MB
_LARGEST = 30_000  # of one answer; who lists more than a page asks each time
_MOST_LEARNED = 100


class Snapshot:
    """A generation open for reading; closed when it was retired and its last query has ended."""

    def __init__(
        self,
        var: Path,
        number: int,
        *,
        seconds: float,
        memory: str,
        threads: int,
        remembers: int = 0,
    ) -> None:
        self.number = number
        self.core = generation.core_file(var, number)
        self.mart = generation.mart_file(var, number)
        self._con = engine.open_published(self.core, self.mart, memory=memory, threads=threads)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._spare: list[duckdb.DuckDBPyConnection] = []
        self._remembers = remembers
        self._known: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._cells = 0
        self._learned: OrderedDict[Hashable, Any] = OrderedDict()
        self._users = 0
        self._retired = False
        self.spoiled = ""  # "damaged" when its files are, "dead" when the engine gave up on them
        try:
            self._learn()
        except BaseException:
            self._con.close()
            raise

    def _learn(self) -> None:
        self.generation: Generation = read_generation(self._con)
        self.numbers: dict[str, int] = dict(
            self._con.execute("SELECT metric, no FROM mart._number").fetchall()
        )
        self.edge_days = {
            (row[0], row[1]): row[2]
            for row in self._con.execute(
                "SELECT metric, source, on_day FROM mart._edge_day"
            ).fetchall()
        }
        # by what the build noted, since the engine would bind every view to name them
        self.views = {
            str(row[0]) for row in self._con.execute("SELECT name FROM mart._built").fetchall()
        }
        self.cubes = _cubes(self._con)

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """What people call communities, grids, units, sources and classes, by code."""
        found: dict[str, dict[str, str]] = {
            kind: {} for kind in ("community", "grid", "unit", "source")
        }
        sql = (
            "SELECT 'community', code, name FROM core.dim_community"
            " UNION ALL SELECT 'grid', code, name FROM core.dim_grid"
            " UNION ALL SELECT 'unit', name, name FROM core.dim_unit"
            " UNION ALL SELECT 'source', source, short FROM core.dim_platform"
            " UNION ALL SELECT concat('class_', domain), code, name FROM core.dim_class"
        )
        for kind, code, said in self.rows("labels", sql):
            found.setdefault(kind, {})[code] = said
        return found

    @cached_property
    def columns(self) -> Mapping[str, Sequence[tuple[ColumnInfo, bool, bool]]]:
        """The columns of each fact, whether it is a key, whether the wall may show it."""
        found: dict[str, list[tuple[ColumnInfo, bool, bool]]] = {}
        sql = (
            "SELECT table_name, column_name, label, type, unit, is_key, wall FROM mart._column"
            " ORDER BY table_name, place"
        )
        for row in self.rows("columns", sql):
            info = ColumnInfo(row[1], row[2], row[3], row[4])
            found.setdefault(row[0], []).append((info, row[5], row[6]))
        return found

    @cached_property
    def relations(self) -> Relations:
        """The columns of every table and view of core and marts."""
        sql = (
            "SELECT database_name, table_name, column_name FROM duckdb_columns()"
            " WHERE database_name IN ('core', 'mart') AND NOT internal"
        )
        return relations_of(self.rows("relations", sql))

    def rows(
        self, name: str, sql: str, values: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return self._ask(name, lambda con: con.execute(sql, values).fetchall())

    def arrow(self, name: str, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer of a SELECT of ours as an Arrow table."""
        given = dict(values or {})
        return self._ask(name, lambda con: con.execute(sql, given).to_arrow_table())

    def typed(self, name: str, sql: str) -> pa.Table:
        """The answer to what someone typed: QueryFailed unless it is a SELECT.

        A relation is planned twice, once to know what it is.
        """

        def table(con: duckdb.DuckDBPyConnection) -> pa.Table:
            relation = con.sql(sql)
            if relation is None:
                raise QueryFailed(name, f"{name}: only a SELECT gives an answer")
            return relation.to_arrow_table()

        return self._ask(name, table)

    def once(
        self, question: Hashable, ask: Callable[[], T], cells: Callable[[T], int] = lambda _: 1
    ) -> T:
        """An answer that nothing can change while this generation is read: asked only once.

        Thirty leaders with the same pages open all draw them anew when a generation comes; what one
        of them has had counted is not counted again. The oldest answers are forgotten first, by
        their number and by how many values (`cells`) they hold.
        """
        with self._lock:
            if question in self._known:
                self._known.move_to_end(question)
                known: T = self._known[question][0]
                return known
        answer = ask()
        self.remember(question, answer, cells(answer))
        return answer

    def learned(self, what: Hashable, ask: Callable[[], T]) -> T:
        """A fact of this generation that many questions need, as its labels are; asked once."""
        with self._lock:
            if what in self._learned:
                self._learned.move_to_end(what)
                known: T = self._learned[what]
                return known
        found = ask()
        with self._lock:
            self._learned[what] = found
            while len(self._learned) > _MOST_LEARNED:
                self._learned.popitem(last=False)
        return found

    def remember(self, question: Hashable, answer: Any, size: int = 1) -> None:
        """Keep an answer of so many values; the first one to a question stays."""
        with self._lock:
            if size <= _LARGEST and question not in self._known:
                self._known[question] = answer, size
                self._cells += size
            while len(self._known) > self._remembers or self._cells > _MOST_CELLS:
                self._cells -= self._known.popitem(last=False)[1][1]

    def knows(self, question: Hashable) -> bool:
        """Whether an answer is remembered."""
        with self._lock:
            return question in self._known

    def enter(self) -> None:
        """Someone begins to read."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Someone has read; the last one of a retired generation closes it."""
        with self._lock:
            self._users -= 1
            last = self._retired and self._users == 0
        if last:
            self._close()

    def retire(self) -> None:
        """A newer generation is there."""
        with self._lock:
            if self._retired:
                return
            self._retired = True
            idle = self._users == 0
        if idle:
            self._close()

    def is_there(self) -> bool:
        """Whether its files are still kept."""
        return self.core.exists() and self.mart.exists()

    def _ask(self, name: str, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        with self._lock:
            con = self._spare.pop() if self._spare else self._con.cursor()
        ticket = TIMER.start(con, self._seconds)
        try:
            answer = question(con)
        except duckdb.InterruptException:
            raise QueryStopped(name, self._seconds) from None
        except duckdb.Error as error:
            if engine.is_damage(error):
                self.spoiled = "damaged"
            elif engine.is_dead(error):
                self.spoiled = self.spoiled or "dead"
            raise engine.failed(name, error) from None
        finally:
            TIMER.stop(ticket)
        with self._lock:
            self._spare.append(con)
        return answer

    def _close(self) -> None:
        with self._lock:
            self._known.clear()
            self._learned.clear()
            self._cells = 0
            for con in self._spare:
                con.close()
            self._spare.clear()
            self._con.close()
            del self._con  # the engine complains at exit about connections that are still named


def _cubes(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The tables of the cube, of which an older program made fewer.

    Whether all are there is asked by their names: to list the tables the engine opens each of
    them, a fifth of what a generation costs.
    """
    try:
        con.execute(present()).fetchall()
    except duckdb.CatalogException:
        listed = con.execute(
            "SELECT table_name FROM duckdb_tables()"
            " WHERE database_name = 'mart' AND starts_with(table_name, 'cube_')"
        ).fetchall()
        return frozenset(str(row[0]).removeprefix("cube_") for row in listed)
    return frozenset(TABLES)
