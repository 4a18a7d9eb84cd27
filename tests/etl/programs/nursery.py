"""Starts ETL processes quickly: everything is imported once, each process is a fork of it.

Reads commands on standard input: "go" forks one ETL process and prints its number, the process
prints "ready" once it takes turns, "go POINT" lets it die at a named point; "wait" waits for it
and prints how it ended. The ETL is the real one; only its turns come more often.
"""

import os
import sys
from datetime import timedelta

import structlog

from cases.store import migrate, open_store
from config import failpoint
from config.environment import environment
from config.platforms import load_platforms
from etl import loader, process, schedule
from etl.__main__ import _job
from etl.lock import Lock
from etl.place import Place
from etl.transports import segment

loader.PUBLISH_EVERY_S = 2.0  # the first comes at once, and a life is short
process.LOOK = process.TICK = timedelta(seconds=0.15)
schedule._SHORTEST = timedelta(seconds=0.1)
segment.MAX_AGE_S = 0.5
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def tell(word: object) -> None:
    """One line in one system call: where Python does not buffer its output, printing takes two,
    and a process that dies or is overtaken between them leaves half a line to the next one."""
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


class Etl(process.Etl):
    """Tells when it has started."""

    def start(self) -> None:
        super().start()
        tell("ready")


def work() -> None:
    lock = Lock(environment().var)
    if not lock.take():
        os._exit(75)
    store = open_store()
    migrate(store)
    with Place(environment().var, load_platforms(), store) as place:
        Etl(place, lambda words: _job(place, words)).serve()


def main() -> None:
    child = 0
    for command in sys.stdin:
        word, *point = command.split()
        if word == "go":
            child = os.fork()
            if child == 0:
                try:
                    failpoint.arm("".join(point))
                    work()
                finally:
                    os._exit(0 if sys.exc_info()[0] is None else 1)
            tell(child)
        else:
            tell(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
