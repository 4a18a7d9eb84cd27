"""The writer's side of the warehouse: load, build, publish. Only the ETL process opens it.

One process owns core.duckdb and marts.duckdb; everyone else reads published generations. A file
that cannot be opened is moved aside, so that the ETL can rebuild it from the raw archive.
"""

import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

import duckdb

from config import clock as site_clock
from config import failpoint
from config.platforms import Platform, load_platforms
from warehouse import core, engine, generation, publish, seal, shadow, spells
from warehouse.assemble.text import name
from warehouse.batch import Batch, LoadResult, Reject
from warehouse.build import BuildResult, build
from warehouse.counting import prepare
from warehouse.dimension import Rows, load_dimensions
from warehouse.engine import one
from warehouse.errors import BadDeclaration, NeedsRebuild
from warehouse.generation import Generation
from warehouse.load import forget_source, load_batches
from warehouse.schema import Table
from warehouse.spooled import Spooled

T = TypeVar("T")
# Built anew by every success; on its own that is published each minute, not each time.
_CLOCKWORK = ("mart.fresh_spell", "platform_fresh")

_LARGE = "250MB"  # a large delivery is merged in less memory than a build may take

_READER, _SEVERAL = "read by ", "several"
_PLACES, _WGS84 = "places of ", "wgs84"  # in which system; rows of old were read as WGS-84

__all__ = [
    "Batch",
    "BuildResult",
    "Generation",
    "LoadResult",
    "NeedsRebuild",
    "Reject",
    "Warehouse",
]


class Warehouse:
    """Core and marts of one installation, open for writing; use as a context manager.

    tables=None takes the declarations that core was last opened with.
    """

    def __init__(
        self,
        var: Path,
        tables: Mapping[str, Table] | None = None,
        clock: ModuleType = site_clock,
        *,
        platforms: Callable[[], Mapping[str, Platform]] = load_platforms,
        dimensions: Callable[[], Mapping[str, Rows]] = load_dimensions,
        memory: str = "450MB",
    ) -> None:
        self._memory = memory
        self._var = Path(var)
        self._clock = clock
        self._platforms = cache(platforms)  # asked at every success; the loader's own are as old
        self._lock = threading.RLock()
        home = self._var / "warehouse"
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        generation.folder(self._var).mkdir(parents=True, exist_ok=True, mode=0o700)
        generation.remove_leftovers(self._var)
        shutil.rmtree(home / "spill", ignore_errors=True)
        self._core, self._mart = home / "core.duckdb", home / "marts.duckdb"
        shadow.remove(self._mart)
        self._con = self._open(tables, dimensions)
        self._core_changed = self._marts_changed = True
        self._succeeded = False
        self._put_off: set[str] = set()
        self._closed = False

    def __enter__(self) -> Self:
        """Give the open warehouse."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both files."""
        self.close()

    def close(self) -> None:
        """Close both files; what was committed stays."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._con.close()
                del self._con  # the engine complains at exit about connections still named

    def load(self, batch: Batch) -> LoadResult:
        """Bring one delivery into core in one transaction; the same batch again changes nothing."""
        return self.load_together([batch])[0]

    def load_together(self, batches: Sequence[Batch]) -> list[LoadResult]:
        """Bring deliveries of one source into core in one transaction; a result for each."""
        with self._working():
            large = any(isinstance(r, Spooled) for batch in batches for r in batch.rows.values())
            limit = engine.within(self._con, _LARGE, self._memory) if large else nullcontext()
            with limit:
                results = load_batches(self._con, batches, self._tables, self._var / "quarantine")
            self._core_changed |= any(result.loaded for result in results)
            return results

    def cursor(self, key: str, source: str) -> str | None:
        """Where the next question to a platform starts; None before the first delivery."""
        with self._working():
            row = one(
                self._con,
                "SELECT cursor_text FROM core.feed_cursor WHERE key = $1 AND source = $2",
                [key, source],
            )
            return None if row is None else str(row[0])

    def batches(self) -> set[str]:
        """The batches that core holds; one that went to quarantine as a whole is not among them."""
        with self._working():
            rows = self._con.execute("SELECT batch_id FROM core.batch WHERE NOT drifted").fetchall()
            return {str(row[0]) for row in rows}

    def refused(self, key: str) -> dict[str, int]:
        """The batches of a platform with rows in quarantine, and how many each has."""
        with self._working():
            rows = self._con.execute(
                "SELECT batch_id, quarantined FROM core.batch WHERE key = $1 AND quarantined > 0",
                [key],
            ).fetchall()
            return {str(batch_id): int(n) for batch_id, n in rows}

    def forget(self, batch_ids: Sequence[str]) -> None:
        """Let batches be read again as if they had never been read well; their rows stay, and what
        the new reading makes takes their place."""
        with self._working():
            self._con.execute(
                "UPDATE core.batch SET drifted = TRUE WHERE batch_id IN"
                " (SELECT unnest($1::VARCHAR[]))",
                [list(batch_ids)],
            )

    def forget_source(self, source: str) -> None:
        """Take everything of an imported set out of core; its days become dirty."""
        with self._working():
            forget_source(self._con, source, self._tables)
            self._core_changed = True

    def fingerprint(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Per fact and source the number of rows and a digest that does not know their order."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        with self._working():
            for table_name in self._tables:
                rows = self._con.execute(
                    f"SELECT source, count(*), sum(_hash) FROM core.{name(table_name)}"  # noqa: S608 - a declared name
                    " GROUP BY source"
                ).fetchall()
                found |= {(table_name, row[0]): (int(row[1]), int(row[2])) for row in rows}
        return found

    def seal(self, folder: Path, key: str, facts: Collection[str]) -> dict[str, Any]:
        """Seal what these facts hold of one platform into a new folder."""
        with self._working():
            tables = {fact: self._tables[fact] for fact in facts}
            return seal.write(self._con, folder, key, tables, self._clock.local())

    def unseal(self, folder: Path, facts: Collection[str], at_hand: Iterable[str]) -> int:
        """Bring back the rows of a seal whose deliveries are not at hand any more."""
        with self._working():
            tables = {fact: self._tables[fact] for fact in facts}
            self._core_changed = True
            return seal.restore(self._con, folder, tables, at_hand)

    def ledger(self, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """The answer to one of the questions of `warehouse.ledger`."""
        with self._working():
            return question(self._con)

    def key_of(self, table_name: str) -> tuple[str, ...]:
        """What makes a row of a declared fact the same."""
        return tuple(self._tables[table_name].key)

    def read_by(self, marks: Mapping[str, str]) -> None:
        """Note by which code each platform's rows are read from now on."""
        with self._working():
            filled = {
                row[0]
                for row in self._con.execute("SELECT DISTINCT key FROM core.batch").fetchall()
            }
            known = self.readers()
            for key, mark in marks.items():
                if key in filled and known.get(key) != mark:
                    mark = _SEVERAL
                if known.get(key) != mark:
                    core.set_setting(self._con, f"{_READER}{key}", mark)

    def placed_by(self, marks: Mapping[str, str]) -> dict[str, str]:
        """Note how each platform tells places from now on; those whose rows were read in another
        way keep their mark and are given back with it, until all rows are read anew."""
        with self._working():
            filled = {
                row[0]
                for row in self._con.execute("SELECT DISTINCT key FROM core.batch").fetchall()
            }
            differing: dict[str, str] = {}
            remembered = core.settings(self._con)
            for key, mark in marks.items():
                known = remembered.get(f"{_PLACES}{key}", _WGS84)
                if known != mark and key in filled:
                    differing[key] = known
                elif known != mark:
                    core.set_setting(self._con, f"{_PLACES}{key}", mark)
            return differing

    def readers(self) -> dict[str, str]:
        """By which code each platform's rows were read; `several` when it changed on the way."""
        with self._working():
            return {
                name_.removeprefix(_READER): text
                for name_, text in core.settings(self._con).items()
                if name_.startswith(_READER)
            }

    def mark_success(self, key: str, source: str, at: datetime) -> None:
        """Note that a platform answered: it is fresh from now for two of its cadences."""
        platform = self._platforms().get(key)
        every = platform.every if platform else timedelta(hours=1)
        with self._working():
            spells.forget_ahead(self._con, key, source, self._clock.local())
            days = spells.extend(self._con, key, source, at, at + 2 * every)
            spells.note_days(self._con, days)
            self._succeeded = True
            self._put_off = set()  # what was put off may have waited for this

    def build(self) -> BuildResult:
        """Bring models and cube up to date; on a failed check the old marts stay."""
        with self._working():
            now = self._clock.local()
            states = publish.source_states(self._con, self._platforms(), now)
            result = build(self._con, self._marks, self._clock.today(), states)
            self._put_off = result.put_off
            self._marts_changed |= any(each not in _CLOCKWORK for each in result.built)
            return result

    def publish(self) -> Generation | None:
        """Publish when there is something new; None when there is not, or a check failed."""
        with self._working():
            now = self._clock.local()
            pointer = generation.read_pointer(self._var)
            last = datetime.fromisoformat(pointer["published_at"]) if pointer else None
            changed = self._core_changed or self._marts_changed or self._has_dirty_days()
            if not publish.worth_publishing(changed, self._succeeded, last, now):
                return None
            if not self.build().ok:
                return None
            failpoint.reach("publish.built")
            publish.write_state(self._con, self._tables, self._platforms(), now)
            done = publish.publish(self._con, self._var, now, core_changed=self._core_changed)
            self._core_changed = self._marts_changed = self._succeeded = False
            engine.forget(self._con, self._memory)
            return done

    def checkpoint(self) -> None:
        """Fold what was committed into the files."""
        with self._working():
            self._con.execute("CHECKPOINT core")
            self._con.execute("CHECKPOINT mart")

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The writer's connection, for checks and tests."""
        return self._con

    def _open(
        self,
        tables: Mapping[str, Table] | None,
        dimensions: Callable[[], Mapping[str, Rows]],
    ) -> duckdb.DuckDBPyConnection:
        con = self._attach()
        try:
            core.prepare(con, tables or {})
            prepare(con)
            self._tables = dict(tables) if tables is not None else core.remembered(con)
            if tables is not None:
                core.remember(con, tables)
            self._marks = core.write_dimensions(con, dimensions())
        except BadDeclaration:
            con.close()
            raise
        except duckdb.Error as error:
            con.close()
            if engine.is_damage(error):
                raise self._set_aside(self._core, error) from None
            raise
        return con

    def _attach(self) -> duckdb.DuckDBPyConnection:
        con = engine.open_writer(self._core.parent / "spill", self._memory)
        try:
            engine.attach(con, self._core, "core")
        except duckdb.Error as error:
            con.close()
            if engine.is_full_disk(error):
                raise
            raise self._set_aside(self._core, error) from None
        except BaseException:
            con.close()
            raise
        try:
            engine.attach(con, self._mart, "mart")
        except duckdb.Error as error:
            if engine.is_full_disk(error):
                con.close()
                raise
            # marts can be built again from core at once, so nobody needs to be asked
            self._set_aside(self._mart, error)
            engine.attach(con, self._mart, "mart")
        return con

    def _set_aside(self, file: Path, error: Exception) -> NeedsRebuild:
        """Move a damaged file and its log to quarantine."""
        stamp = self._clock.local().strftime("%Y%m%dT%H%M%S.%f")
        home = self._var / "quarantine" / "damaged" / stamp
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in (file, file.with_name(file.name + ".wal")):
            if each.exists():
                each.rename(home / each.name)
        cause = str(error).strip().splitlines()[0][:200]
        return NeedsRebuild(file, home, cause)

    @contextmanager
    def _working(self) -> Iterator[None]:
        """One caller at a time; a file found damaged on the way is set aside."""
        with self._lock:
            try:
                yield
            except duckdb.Error as error:
                if not engine.is_damage(error):
                    if engine.is_dead(error):
                        self._revive()
                    raise
                self.close()
                self._set_aside(self._mart, error)
                raise self._set_aside(self._core, error) from None

    def _revive(self) -> None:
        """Open both files again after the engine gave up, as on a full disk."""
        self._con.close()
        self._con = self._attach()

    def _has_dirty_days(self) -> bool:
        """Whether a build would do more than tell the time; what the last one put off is not."""
        row = one(
            self._con,
            "SELECT count(*) FROM core.dirty_day"
            " WHERE NOT list_contains($1::VARCHAR[], table_name)",
            [["success", *self._put_off]],
        )
        return bool(row and row[0])
