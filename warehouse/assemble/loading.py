# ruff: noqa: S608 - names come from Table declarations, values go in as parameters
"""The statements of one load: cast, refuse, compare with what is known, merge, keep history."""

from collections.abc import Iterable
from dataclasses import dataclass

from warehouse import sketch
from warehouse.assemble.text import literal, name, names
from warehouse.core import day_columns, fact_columns, own_time, part_version, parts
from warehouse.schema import Column, Table

_KIND = {
    "integer": "整数",
    "double": "数字",
    "boolean": "是否值",
    "timestamp": "时间",
    "date": "日期",
}
DRIFT = ("缺主键：", "读不懂：")


@dataclass(frozen=True)
class Loading:
    """The SQL of one fact's load; `delivery` is the registered Arrow table: text
    columns, and of each row its place, its batch and when that was recorded."""

    table_name: str
    table: Table

    @property
    def fact(self) -> str:
        """The fact in core."""
        return f"core.{name(self.table_name)}"

    @property
    def history(self) -> str:
        """Its history in core."""
        return f"core.{name(self.table_name + '_version')}"

    @property
    def stage(self) -> str:
        """Where the rows of this delivery wait, cast and checked."""
        return name("staged_" + self.table_name)

    @property
    def stored(self) -> list[str]:
        """All columns of the fact in order."""
        return list(fact_columns(self.table))

    def staged(self, delivered: Iterable[str]) -> str:
        """Cast the delivered text; each row gets its place and, if refused, the reason."""
        return f"CREATE OR REPLACE TEMP TABLE {self.stage} AS {self._checked(delivered)}"

    def staged_also(self, delivered: Iterable[str]) -> str:
        """Another piece of a delivery that comes in pieces."""
        return f"INSERT INTO {self.stage} {self._checked(delivered)}"

    def _checked(self, delivered: Iterable[str]) -> str:
        given = set(delivered)
        columns = self.table.columns
        clean = ", ".join(
            f"nullif(trim({name(c)}), '') AS {name(c)}"
            if c in given
            else f"CAST(NULL AS VARCHAR) AS {name(c)}"
            for c in (*columns, "extra")
        )
        typed = ", ".join(_cast(c, declared) for c, declared in columns.items())
        broken = " ".join(
            f"WHEN {_unreadable(c, declared)} THEN {literal(f'读不懂：{declared.label}')}"
            for c, declared in columns.items()
            if declared.type != "text"
        )
        missing = " ".join(
            f"WHEN {name(c)} IS NULL THEN {literal(f'缺主键：{columns[c].label}')}"
            for c in self.table.key
        )
        rules = " ".join(
            f"WHEN ({rule.replace('$recorded_at', '_recorded_at')}) THEN {literal(reason)}"
            for reason, rule in self.table.rules.items()
        )
        broken = f"CASE {broken} ELSE NULL END" if broken else "NULL"
        return f"""
WITH clean AS (SELECT _row, _batch, _recorded_at, _ordered_at, {clean} FROM delivery),
typed AS (
  SELECT _row, _batch, _recorded_at, _ordered_at, {typed}, extra, {broken} AS _unreadable
  FROM clean
),
checked AS (
  SELECT *, CASE {missing} WHEN _unreadable IS NOT NULL THEN _unreadable {rules} ELSE NULL END
    AS _reason
  FROM typed
),
hashed AS (
  SELECT _row, $source AS source, {names(columns)}, extra,
    {self._version()} AS _version, {self._hash()} AS _hash,
    _batch, _recorded_at, _reason
  FROM checked
)
SELECT *, row_number() OVER (
  PARTITION BY _reason IS NULL, {names(self.table.key)}
  ORDER BY _version DESC, _hash DESC, _batch, _row
) AS _rank
FROM hashed
"""

    def ranked(self) -> str:
        """Which row of a key counts, where pieces that were ranked by themselves make one."""
        key = names(self.table.key)
        return f"""
UPDATE {self.stage} AS s SET _rank = r._place
FROM (
  SELECT _batch, _row, row_number() OVER (
    PARTITION BY {key} ORDER BY _version DESC, _hash DESC, _batch, _row
  ) AS _place
  FROM {self.stage}
  WHERE _reason IS NULL AND ({key}) IN (
    SELECT ({key}) FROM {self.stage} WHERE _reason IS NULL GROUP BY {key} HAVING count(*) > 1
  )
) AS r
WHERE s._batch = r._batch AND s._row = r._row AND s._rank <> r._place
"""

    def refused(self) -> str:
        """The batch, place and reason of every refused row of these batches from a place on."""
        return (
            f"SELECT _batch, _row, _reason FROM {self.stage}"
            " WHERE _reason IS NOT NULL AND _row >= $first"
            " AND _batch IN (SELECT unnest($batches::BIGINT[]))"
            " ORDER BY _batch, _row"
        )

    def causes(self) -> str:
        """What is wrong with the rows of a delivery from one place to another."""
        return (
            f"SELECT _row, _reason FROM {self.stage}"
            " WHERE _reason IS NOT NULL AND _row >= $first AND _row < $last"
        )

    def folded(self) -> str:
        """A partial fact: rows of one key in one delivery become one."""
        values = ", ".join(f"max({name(c)}) AS {name(c)}" for c in parts(self.table))
        return f"""
CREATE OR REPLACE TEMP TABLE {self.stage} AS
WITH good AS (
  SELECT {names(self.table.key)}, {values}, any_value(source) AS source,
    max(_version) AS _version, max(_batch) AS _batch, max(_recorded_at) AS _recorded_at,
    min(_row) AS _row
  FROM {self.stage} WHERE _reason IS NULL GROUP BY {names(self.table.key)}
)
SELECT *, {self._hash()} AS _hash, 1 AS _rank, CAST(NULL AS VARCHAR) AS _reason FROM good
UNION ALL BY NAME SELECT * REPLACE (2 AS _rank) FROM {self.stage} WHERE _reason IS NOT NULL
"""

    def known(self) -> str:
        """The current rows of the delivered keys."""
        return f"""
CREATE OR REPLACE TEMP TABLE known AS
SELECT t.* FROM {self.fact} AS t
JOIN (SELECT * FROM {self.stage} WHERE _rank = 1 AND _reason IS NULL) AS s ON {self._same("t", "s")}
WHERE t.source = $source
"""

    def verdict(self) -> str:
        """What each delivered key is: new, newer, again (same content, later) or nothing new.

        A delivery that is read once more replaces what it made before, whatever its content.
        """
        stored = names([c for c in self.stored if not c.startswith("_from_")], "s.")
        return f"""
CREATE OR REPLACE TEMP TABLE verdict AS
SELECT {stored}, CASE
    WHEN k._hash IS NULL THEN 'new'
    WHEN s._batch = k._batch AND s._version = k._version AND s._hash <> k._hash THEN 'newer'
    WHEN s._version < k._version OR (s._version = k._version AND s._hash <= k._hash) THEN 'old'
    WHEN s._hash = k._hash THEN 'again'
    ELSE 'newer' END AS _verdict
FROM {self.stage} AS s LEFT JOIN known AS k ON {self._same("s", "k")}
WHERE s._rank = 1 AND s._reason IS NULL
"""

    def partial_verdict(self) -> str:
        """The same for a partial fact: each column keeps its newest value."""
        merged, versions = [], []
        for column in parts(self.table):
            mine, seen = f"coalesce(k.{name(part_version(column))}, k._version)", name(column)
            newer = (
                f"(k.{seen} IS NULL OR s._version > {mine}"
                f" OR (s._version = {mine} AND s.{seen} > k.{seen}))"
            )
            take = f"s.{seen} IS NOT NULL AND {newer}"
            merged.append(f"CASE WHEN {take} THEN s.{seen} ELSE k.{seen} END AS {seen}")
            came = f"CASE WHEN {take} THEN s._version WHEN k.{seen} IS NOT NULL THEN {mine} END"
            versions.append(
                f"nullif({came}, greatest(s._version, coalesce(k._version, s._version)))"
                f" AS {name(part_version(column))}"
            )
        return f"""
CREATE OR REPLACE TEMP TABLE verdict AS
WITH merged AS (
  SELECT s.source, {names(self.table.key, "s.")}, {", ".join([*merged, *versions])},
    greatest(s._version, coalesce(k._version, s._version)) AS _version,
    CASE WHEN k._version > s._version THEN k._batch ELSE s._batch END AS _batch,
    greatest(s._recorded_at, coalesce(k._recorded_at, s._recorded_at)) AS _recorded_at,
    k._hash AS _known, k._version AS _known_version
  FROM {self.stage} AS s LEFT JOIN known AS k ON {self._same("s", "k")}
  WHERE s._rank = 1 AND s._reason IS NULL
),
hashed AS (SELECT *, {self._hash()} AS _hash FROM merged)
SELECT {names(self.stored)}, CASE WHEN _known IS NULL THEN 'new'
    WHEN _known = _hash AND _known_version = _version THEN 'old'
    WHEN _known = _hash THEN 'again' ELSE 'newer' END AS _verdict
FROM hashed
"""

    def drop_replaced(self) -> str:
        """Take out the rows that newer ones replace.

        Deleting and inserting is forty times faster here than MERGE's update in place, which
        rewrites every column of a row group for each row.
        """
        return f"""
DELETE FROM {self.fact} AS t USING verdict AS s
WHERE s._verdict IN ('newer', 'again') AND t.source = s.source AND {self._same("t", "s")}
"""

    def insert(self) -> str:
        """Put in what is new or newer, in order of its first date, so that days lie together."""
        order = names(day_columns(self.table)[:1]) or names(self.table.key)
        sketched = sketch.shapes(self.table)
        return f"""
INSERT INTO {self.fact} ({names((*self.stored, *sketched))})
SELECT {", ".join((names(self.stored), *sketched.values()))}
FROM verdict WHERE _verdict <> 'old' ORDER BY {order}
"""

    def keep_replaced(self) -> str:
        """Put into history every content that is not the current one and not there yet."""
        stored = [c for c in self.stored if not c.startswith("_from_")]
        key = ["source", *self.table.key]
        same = " AND ".join(f"h.{name(c)} = r.{name(c)}" for c in (*key, "_hash"))
        others = (
            ""
            if self.table.partial
            else f"""
  UNION ALL BY NAME
  SELECT {names(stored, "s.")},
    CASE WHEN v._verdict = 'old' THEN k._hash ELSE v._hash END AS _current
  FROM {self.stage} AS s JOIN verdict AS v ON {self._same("s", "v")}
  LEFT JOIN known AS k ON {self._same("s", "k")}
  WHERE s._reason IS NULL AND (s._rank > 1 OR v._verdict = 'old')"""
        )
        return f"""
INSERT INTO {self.history} ({names(stored)})
WITH replaced AS (
  SELECT {names(stored, "k.")}, v._hash AS _current
  FROM known AS k JOIN verdict AS v ON {self._same("k", "v")} WHERE v._verdict = 'newer'{others}
),
counted AS (
  SELECT *, row_number() OVER (
    PARTITION BY {names((*key, "_hash"))} ORDER BY _version DESC, _recorded_at DESC
  ) AS _copy FROM replaced WHERE _hash <> _current
)
SELECT {names(stored, "r.")} FROM counted AS r
WHERE r._copy = 1 AND NOT EXISTS (SELECT 1 FROM {self.history} AS h WHERE {same})
"""

    def drop_current_from_history(self) -> str:
        """A content that is current again is no history (only where delivery time is version)."""
        return f"""
DELETE FROM {self.history} AS h USING verdict AS v
WHERE v._verdict = 'newer' AND h.source = v.source AND {self._same("h", "v")}
  AND h._hash = v._hash
"""

    @property
    def is_timed(self) -> bool:
        """Whether its rows tell when the source wrote them."""
        return own_time(self.table) is not None

    def newest(self) -> str:
        """The newest moment that the staged rows tell of themselves, up to $until."""
        column = name(own_time(self.table) or "")
        return (
            f"SELECT max(CAST({column} AS TIMESTAMP)) FROM {self.stage}"
            f" WHERE _reason IS NULL AND {column} <= $until"
        )

    def dirty_days(self) -> str:
        """The days that the change touches, of the old rows and of the new ones."""
        selects = [
            f"SELECT CAST({side}.{name(c)} AS DATE) AS on_day FROM {relation} WHERE {changed}"
            for c in day_columns(self.table)
            for side, relation, changed in (
                ("v", "verdict AS v", "v._verdict IN ('new', 'newer')"),
                (
                    "k",
                    f"known AS k JOIN verdict AS v ON {self._same('k', 'v')}",
                    "v._verdict = 'newer'",
                ),
            )
        ]
        version = self.table.version
        dated = day_columns(self.table)
        if version and version not in dated and self._is_moment(version):
            # a row without any day must not change unseen
            none = " AND ".join(f"v.{name(c)} IS NULL" for c in dated) or "TRUE"
            selects.append(
                f"SELECT CAST(v.{name(version)} AS DATE) AS on_day FROM verdict AS v"
                f" WHERE v._verdict IN ('new', 'newer') AND {none}"
            )
        if version and dated == (version,):  # its history is what is counted
            selects.append(
                f"SELECT CAST(s.{name(version)} AS DATE) AS on_day FROM {self.stage}"
                f" AS s JOIN verdict AS v ON {self._same('s', 'v')}"
                " WHERE s._reason IS NULL AND (s._rank > 1 OR v._verdict = 'old')"
            )
        union = " UNION ALL ".join(selects) or "SELECT CAST(NULL AS DATE) AS on_day"
        return f"SELECT DISTINCT on_day FROM ({union}) WHERE on_day IS NOT NULL ORDER BY on_day"

    def drop_stage(self) -> str:
        """Forget the staged rows and what was found out about them: they lie in memory."""
        return f"DROP TABLE {self.stage}; DROP TABLE temp.known; DROP TABLE temp.verdict"

    def _same(self, left: str, right: str) -> str:
        return " AND ".join(f"{left}.{name(c)} = {right}.{name(c)}" for c in self.table.key)

    def _is_moment(self, column: str) -> bool:
        return self.table.columns[column].type in ("timestamp", "date")

    def _version(self) -> str:
        """What makes a row newer; a row without it is as new as its delivery."""
        column = self.table.version
        if column is None:
            return "_ordered_at"
        if self._is_moment(column):
            kind = self.table.columns[column].sql_type
            return f"coalesce({name(column)}, CAST(_ordered_at AS {kind}))"
        default = "''" if self.table.columns[column].type == "text" else "-1"
        return f"coalesce({name(column)}, {default})"

    def _hash(self) -> str:
        """64 bits of the content in declared order; the same in every version of the engine."""
        content = ", ".join(
            f"coalesce(CAST({name(c)} AS VARCHAR), chr(30))" for c in (*self.table.columns, "extra")
        )
        return f"md5_number_lower(concat_ws(chr(31), {content}))"


def _cast(column: str, declared: Column) -> str:
    if declared.type == "text":
        return name(column)
    return f"TRY_CAST({name(column)} AS {declared.sql_type}) AS {name(column)}"


def _unreadable(column: str, declared: Column) -> str:
    """True for text that is there but is not what the column declares."""
    text = name(column)
    tests = {
        "integer": f"NOT regexp_full_match({text}, '[+-]?[0-9]+([.]0+)?')",
        "double": (
            f"TRY_CAST({text} AS DOUBLE) IS NULL OR NOT isfinite(TRY_CAST({text} AS DOUBLE))"
        ),
        "boolean": f"TRY_CAST({text} AS BOOLEAN) IS NULL",
        # local time of Asia/Shanghai only: another offset would be dropped silently by the cast
        "timestamp": (
            f"TRY_CAST({text} AS TIMESTAMP) IS NULL OR (length({text}) > 12"
            f" AND NOT ends_with({text}, '+08:00') AND (ends_with({text}, 'Z')"
            f" OR substr({text}, -6, 1) IN ('+', '-') OR substr({text}, -5, 1) IN ('+', '-')))"
        ),
        "date": f"TRY_CAST({text} AS DATE) IS NULL",
    }
    return f"{text} IS NOT NULL AND ({tests[declared.type]})"
