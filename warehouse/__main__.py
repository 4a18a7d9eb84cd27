"""python -m warehouse build | check | metrics | metric ID … | sql "SELECT…"."""

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

from config import clock
from config.environment import environment
from config.errors import ConfigError
from warehouse import generation
from warehouse.check import check_snapshot
from warehouse.engine import open_published
from warehouse.errors import Locked, NoSnapshot, UnknownParameter, WarehouseError
from warehouse.read import MetricAnswer, MetricQuery, Reader
from warehouse.write import Warehouse

OK, WRONG, AGAIN, CONFIGURATION = 0, 2, 75, 78


class _Words(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """One sentence, exit 2."""
        self.exit(WRONG, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    words = _parser().parse_args(arguments)
    try:
        return int(words.run(words))
    except UnknownParameter as error:
        return _say(error, WRONG)
    except (Locked, NoSnapshot) as error:
        return _say(error, AGAIN)
    except ConfigError as error:
        return _say(error, CONFIGURATION)
    except WarehouseError as error:
        return _say(error, 1)


def build(words: argparse.Namespace) -> int:
    """Bring models and cube up to date and publish."""
    var = environment().var
    with _writer_lock(var), Warehouse(var) as warehouse:
        result = warehouse.build()
        for failure in result.failures:
            sys.stderr.write(failure + "\n")
        if not result.ok:
            return 1
        done = warehouse.publish()
    print(f"built {len(result.built)}, " + (f"generation {done.number}" if done else "unchanged"))
    return OK


def check(words: argparse.Namespace) -> int:
    """Check the published snapshot and the SQL files."""
    from warehouse.lint import lint_all

    var = environment().var
    pointer = generation.read_pointer(var)
    found = lint_all()
    if pointer is None:
        raise NoSnapshot
    number = int(pointer["generation"])
    con = open_published(generation.core_file(var, number), generation.mart_file(var, number))
    try:
        found += check_snapshot(con, clock.today())
    finally:
        con.close()
    for each in found:
        sys.stderr.write(each + "\n")
    print(f"generation {number}: " + (f"{len(found)} breaches" if found else "all checks hold"))
    return 1 if found else OK


def metrics(words: argparse.Namespace) -> int:
    """List every metric with its definition."""
    definitions = Reader(environment().var).definitions()
    if words.json:
        print(_json({"metrics": [each.to_json() for each in definitions.values()]}))
        return OK
    for each in definitions.values():
        print(f"{each.id}\t{each.name}\t{each.basis}\t{each.formula}")
    return OK


def metric(words: argparse.Namespace) -> int:
    """Answer one metric as the API does."""
    today = clock.today()
    query = MetricQuery(
        first=_day("from", words.first, today.replace(day=1)),
        last=_day("to", words.last, today),
        by=words.by,
        level=words.level,
        source=words.source,
        community=words.community,
        grid=words.grid,
        unit=words.unit,
        class_path=words.class_path,
        line=words.line,
    )
    reader = Reader(environment().var)
    try:
        answer = reader.metric(words.id, query)
    finally:
        reader.close()
    print(_json(answer.to_json()) if words.json else _text(answer))
    return OK


def sql(words: argparse.Namespace) -> int:
    """Answer one SELECT on the published snapshot, which cannot be changed by it."""
    reader = Reader(environment().var, seconds=60)
    try:
        table = reader.sql(words.text)
    finally:
        reader.close()
    if words.json:
        print(_json(table.to_pylist()))
        return OK
    print("\t".join(table.column_names))
    for row in table.to_pylist():
        print("\t".join("" if value is None else str(value) for value in row.values()))
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = _Words(prog="warehouse", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="build|check|metrics|metric|sql")
    verbs.add_parser("build", help="bring models and cube up to date").set_defaults(run=build)
    verbs.add_parser("check", help="check the published snapshot").set_defaults(run=check)
    listing = verbs.add_parser("metrics", help="every metric with its definition")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=metrics)
    one = verbs.add_parser("metric", help="the answer of one metric")
    one.add_argument("id", metavar="ID")
    one.add_argument("--from", dest="first", metavar="DAY")
    one.add_argument("--to", dest="last", metavar="DAY")
    for option in ("by", "source", "community", "grid", "unit", "line"):
        one.add_argument(f"--{option}")
    one.add_argument("--level", type=int)
    one.add_argument("--class", dest="class_path", metavar="PATH")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=metric)
    free = verbs.add_parser("sql", help="one SELECT on the published snapshot")
    free.add_argument("text", metavar="SELECT")
    free.add_argument("--json", action="store_true")
    free.set_defaults(run=sql)
    return parser


@contextmanager
def _writer_lock(var: Path) -> Iterator[None]:
    """The lock of the ETL process: two writers never meet."""
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(var / "etl.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked("etl.lock", "the ETL is running and builds by itself; try again") from None
        yield
    finally:
        os.close(handle)


def _day(name: str, text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownParameter(name, text, "a day such as 2026-11-23") from None


def _text(answer: MetricAnswer) -> str:
    head = f"{answer.name} {answer.value} ({answer.numerator}/{answer.denominator})"
    lines = [f"{head} {answer.first} – {answer.last}, as of {answer.as_of}"]
    lines += [
        f"{p.key}\t{p.label}\t{p.value}\t{p.numerator}/{p.denominator}" for p in answer.series
    ]
    return "\n".join(lines)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)


def _say(error: Exception, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
