"""The commands of the ETL: `python -m etl run | once | import | status | replay | rebuild | …`.

Exit codes: 0 done, 2 wrong words, 75 try again, 78 configuration; a person's mistake is told in
one sentence on standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NoReturn

import structlog

from cases.errors import Busy, CaseError
from cases.store import migrate, open_store
from config import log
from config.environment import environment
from config.errors import ConfigError
from config.platforms import Platform, load_platforms
from etl import backup, commands, described, jobs, status, workbench
from etl.commands import AGAIN, CONFIGURATION, DONE, WRONG
from etl.errors import BadRecord, EtlError, Refused, Retryable, is_broken_disk
from etl.jobs import Answer
from etl.lock import Lock
from etl.place import Place
from etl.process import Etl
from etl.progress import drawing
from etl.rebuild import KEY as REBUILDING
from etl.rebuild import rebuild
from warehouse.errors import WarehouseError

_LONG = ("backfill", "rebuild")  # a person who looks on is shown how far it is
_log = structlog.get_logger("etl")


class _Words(argparse.ArgumentParser):
    """Wrong words get one sentence and exit code 2, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        raise _Wrong(f"{self.prog}: {message}")


class _Wrong(Exception):
    """A wrong word on the command line."""


def words() -> argparse.ArgumentParser:
    """What may be said to this command."""
    parser = _Words(prog="etl", description="Platforms -> raw archive -> warehouse -> snapshot.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verbs.add_parser("run", help="listen, poll and load until SIGTERM")
    once = verbs.add_parser("once", help="one turn of the named platforms, or of all")
    once.add_argument("keys", nargs="*", metavar="KEY")
    brought = verbs.add_parser("import", help="load a file by hand, or an export by a mapping")
    brought.add_argument("key", metavar="KEY")
    brought.add_argument("file", metavar="FILE", type=_path)
    brought.add_argument("--mapping", metavar="TOML", type=_path)
    brought.add_argument("--source", metavar="NAME")
    lamps = verbs.add_parser("status", help="how the platforms are, and what is wrong with data")
    lamps.add_argument("key", nargs="?", metavar="KEY")
    lamps.add_argument("--json", action="store_true")
    replay = verbs.add_parser("replay", help="read again what has rows in quarantine")
    replay.add_argument("keys", nargs="*", metavar="KEY")
    verbs.add_parser("balance", help="rows in = loaded + unchanged + quarantined, by source")
    back = verbs.add_parser("backfill", help="read raw days of a platform again")
    back.add_argument("key", metavar="KEY")
    back.add_argument("--from", dest="first", metavar="DAY", type=_day, help="e.g. 2026-11-01")
    back.add_argument("--to", dest="last", metavar="DAY", type=_day, help="this day included")
    verbs.add_parser("rebuild", help="a new warehouse from the raw archive alone")
    verbs.add_parser("describe", help="what the platform modules declare, as docs/platforms.md")
    saved = verbs.add_parser("backup", help="raw, snapshot, case store, config and keys into DIR")
    saved.add_argument("target", metavar="DIR", type=_path)
    back = verbs.add_parser("restore", help="put a backup in place; the ETL must be stopped")
    back.add_argument("target", metavar="DIR", type=_path)
    back.add_argument("--verify", action="store_true", help="rebuild from raw and compare")
    workbench.add(verbs)
    return parser


def main(arguments: list[str]) -> int:
    """Do one command and return its exit code."""
    try:
        asked = words().parse_args(arguments)
        if asked.verb == "run":
            return _run()
        if asked.verb in ("status", "describe", *workbench.VERBS):
            return _tell(asked)
        if asked.verb in _LONG:
            with drawing(getattr(asked, "key", REBUILDING)):
                answer = _write(asked, arguments)
            return _say(answer)  # below the bar, not behind it
        return _say(_write(asked, arguments))
    except _Wrong as error:
        return _say(Answer(WRONG, "", str(error)))
    except (ConfigError, EtlError, CaseError, WarehouseError) as error:
        return _say(_sorry(error))
    except OSError as error:
        return _say(Answer(AGAIN, "", f"etl: {error.filename or 'disk'}: {error.strerror}"))
    except Exception as error:
        if not is_broken_disk(error):
            raise
        return _say(Answer(AGAIN, "", f"etl: the disk fails: {error}"))
    except KeyboardInterrupt:
        return _say(Answer(AGAIN, "", "interrupted"))


def _tell(asked: argparse.Namespace) -> int:
    """What writes no data: how things are, what is declared, how a platform is connected."""
    if asked.verb in workbench.VERBS:
        return _say(workbench.do(asked))
    if asked.verb == "describe":
        return _say(Answer(DONE, described.page()))
    return _status(asked.key, as_json=asked.json)


def _write(asked: argparse.Namespace, arguments: list[str]) -> Answer:
    """Do a writing command here when the lock is free, else let the running ETL do it."""
    var = environment().var
    lock = Lock(var)
    if not lock.take():
        if asked.verb == "restore":
            said = f"restore: the ETL is running (process {lock.holder()}); stop it first"
            return Answer(AGAIN, "", said)
        _known(asked, load_platforms())
        answer = jobs.wait(jobs.leave(var, _absolute(asked, arguments)), lock.take)
        if answer is not None:
            return answer
    try:
        return _alone(asked, var)
    finally:
        lock.give_back()


def _alone(asked: argparse.Namespace, var: Path) -> Answer:
    """A writing command of the process that holds the lock; it answers, it does not log."""
    log.configure("etl")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    platforms = load_platforms()
    _known(asked, platforms)
    said = backup.restore(var, asked.target) if asked.verb == "restore" else []
    store = open_store()
    migrate(store)
    with Place(var, platforms, store) as place:
        return _settle(place, asked, said) if asked.verb == "restore" else do(place, asked)


def do(place: Place, asked: argparse.Namespace) -> Answer:
    """One writing command at the place where the work is done."""
    if asked.verb == "once":
        return commands.once(place, asked.keys)
    if asked.verb == "import":
        return commands.import_file(place, asked.key, asked.file, asked.mapping, asked.source)
    if asked.verb == "replay":
        return commands.replay(place, asked.keys)
    if asked.verb == "balance":
        return commands.balance(place)
    if asked.verb == "backfill":
        return commands.backfill(place, asked.key, asked.first, asked.last)
    if asked.verb == "rebuild":
        return commands.rebuild(place)
    index = backup.backup(place.var, place.store, asked.target)
    return Answer(DONE, f"{asked.target}: {len(index['files'])} files backed up")


def _run() -> int:
    log.configure("etl")
    var = environment().var
    lock = Lock(var)
    if not lock.take():
        said = f"run: another ETL (process {lock.holder()}) works in {var}"
        return _say(Answer(AGAIN, "", said))
    try:
        with _ending_at_once():
            store = open_store()
            migrate(store)
            with Place(var, load_platforms(), store) as place, _ending_at_once():
                Etl(place, lambda words_: _job(place, words_)).serve()
    finally:
        lock.give_back()
    return DONE


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """On a disk that fails nothing is tidied up: it would write, or wait for what never comes."""
    try:
        yield
    except Exception as error:
        if not is_broken_disk(error):
            raise
        with suppress(OSError):
            print(f"etl: the disk fails: {error}", file=sys.stderr, flush=True)
        os._exit(AGAIN)


def _job(place: Place, arguments: list[str]) -> Answer:
    """A command that another process left here."""
    try:
        return do(place, words().parse_args(arguments))
    except _Wrong as error:
        return Answer(WRONG, "", str(error))
    except (ConfigError, EtlError, CaseError, WarehouseError) as error:
        return _sorry(error)
    except Exception as error:  # noqa: BLE001 - whoever waits for the answer must get one
        said = f"{type(error).__name__}: {error}"
        _log.error("job_failed", words=arguments, reason=said)
        return Answer(AGAIN, "", f"etl {arguments[0]}: {said}")


def _settle(place: Place, asked: argparse.Namespace, said: list[str]) -> Answer:
    """What was restored is loaded as far as the archive goes, and compared if so asked."""
    place.mend()
    place.loader.publish(force=True)
    if asked.verify:
        _, lacking = rebuild(place.loader)
        if lacking:
            return Answer(CONFIGURATION, "\n".join(said), f"restore: {'; '.join(lacking)}")
        place.loader.publish(force=True)
        said.append("verified: rebuilt from raw, no row is missing")
    said.append("restart the web process: it still reads what was there before")
    return Answer(DONE, "\n".join([*said, f"restored from {asked.target}"]))


def _status(key: str | None, *, as_json: bool) -> int:
    store, platforms = open_store(), load_platforms()
    migrate(store)
    if key is not None and key not in platforms:
        raise _Wrong(f"etl status: {key} is not a platform; use {', '.join(platforms)}")
    if as_json:
        print(json.dumps(status.to_json(store, platforms, key), ensure_ascii=False))
    else:
        print(status.words(store, platforms, key))
    return DONE


def _known(asked: argparse.Namespace, platforms: Mapping[str, Platform]) -> None:
    """Only platforms that are configured and switched on can be worked with."""
    named = [asked.key] if "key" in asked else getattr(asked, "keys", [])
    allowed = [key for key, platform in platforms.items() if platform.enabled]
    for key in named:
        if key not in allowed:
            raise _Wrong(f"etl {asked.verb}: {key} is not a platform; use {', '.join(allowed)}")


def _absolute(asked: argparse.Namespace, arguments: list[str]) -> list[str]:
    """The same words for a process that stands elsewhere: paths written out."""
    paths = {str(value) for value in vars(asked).values() if isinstance(value, Path)}
    return [str(_path(word)) if str(_path(word)) in paths else word for word in arguments]


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word} is not a day; use YYYY-MM-DD") from None


def _path(word: str) -> Path:
    return Path(word).expanduser().absolute()


def _sorry(error: Exception) -> Answer:
    """An error as an exit code and one sentence."""
    if isinstance(error, ConfigError):
        return Answer(CONFIGURATION, "", str(error))
    if isinstance(error, Retryable | Busy) or is_broken_disk(error):
        return Answer(AGAIN, "", str(error))
    if isinstance(error, BadRecord | Refused):
        return Answer(WRONG, "", str(error))
    return Answer(CONFIGURATION if isinstance(error, CaseError) else AGAIN, "", str(error))


def _say(answer: Answer) -> int:
    if answer.out:
        print(answer.out)
    if answer.err:
        print(answer.err, file=sys.stderr)
    return answer.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
