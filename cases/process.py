"""The process of the cases: it watches what nobody reports, until it is told to end."""

from __future__ import annotations

import signal
import threading

import structlog

from cases import heartbeat
from cases.store import Store, demand_current
from cases.watching import Watcher
from config import log
from config.flood_plans import load_flood_plans
from config.platforms import known_platforms
from config.thresholds import load_thresholds

_log = structlog.get_logger("cases.process")


def run(store: Store) -> None:
    """Watch until SIGTERM or Ctrl-C; NotMigrated or ConfigError before it begins."""
    log.configure("cases")
    demand_current(store)
    known_platforms()  # a wrong file is told now, not by each look
    load_thresholds(), load_flood_plans()  # and what is right now is kept through any later slip
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    watcher = Watcher(store, heartbeat.CASES)
    watcher.start()
    _log.info("started")
    over.wait()
    watcher.stop()
    _log.info("stopped")
