"""A whole town and the product beside it, as processes of their own, and a clock that jumps."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from config import clock
from config.platforms import load_platforms
from demo import drops, mediation_sheet
from demo.feeds import civil_affairs, peoples_mediation, petition
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900
SLOTS = {
    "civil_affairs": civil_affairs.LEDGER.slot,
    "market_inspection": drops.daily(19, 5),
    "mediation": drops.spaced(mediation_sheet.EVERY),
    "peoples_mediation": peoples_mediation.LEDGER.slot,
    "petition": petition.LEDGER.slot,
    "population_stat": drops.weekly(0, 6, 30),
}
AT_ONCE = ("flood_supplies", "iot_device", "police_110", "straw_fire", "urban_case")
STEP = timedelta(minutes=5)


class Living:
    """One town at a standing clock, with the ETL that listens to it."""

    def __init__(self, var, scenario, at, years=0):
        self.var, self.at = var, at
        http, stations, push = free_ports(3)
        self.env = os.environ | {
            "HONGLAN_VAR": str(var),
            "HONGLAN_DEMO_PORT": str(http),
            "HONGLAN_SL651_PORT": str(stations),
            "HONGLAN_PUSH_PORT": str(push),
        }
        self.env.pop("HONGLAN_CASES_URL", None)
        var.mkdir(parents=True, exist_ok=True)
        self.stand_at(at)
        words = ["demo", "serve", "--scenario", scenario, "--years", str(years)]
        self.processes = [self._started("demo", words), self._started("etl", ["etl", "run"])]

    def stand_at(self, at):
        """Let the clock jump to a moment and stand still there."""
        self.at = at
        clock.write_shift(self.var, at.replace(tzinfo=clock.ZONE), 0.0)

    def settled(self):
        """Wait until every feed has given what is due at this moment."""
        end = time.monotonic() + PATIENCE_S
        while lacking := self._lacking():
            assert all(each.poll() is None for each in self.processes), "a process has ended"
            assert time.monotonic() < end, f"still nothing of {lacking} at {self.at}"
            time.sleep(0.2)

    def etl(self, *words):
        """One command of the product: exit code, what it said, what was wrong."""
        ended = subprocess.run(
            [sys.executable, "-m", "etl", *words],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
        return ended.returncode, ended.stdout, ended.stderr

    def lamps(self):
        """State of each platform."""
        _, said, _ = self.etl("status", "--json")
        return {each["key"]: each["state"] for each in json.loads(said)["platforms"]}

    def end(self):
        """Both processes, each by its number."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(90)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _started(self, name, words):
        command = [sys.executable, "-m", *words]
        with (self.var / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def _lacking(self):
        reached = {key: self._last(key) for key in (*SLOTS, *AT_ONCE, "pump_gate")}
        due = {key: slot(self.at) for key, slot in SLOTS.items()}
        lacking = [key for key, at in due.items() if not reached[key] or reached[key] < at]
        lacking += [key for key in AT_ONCE if reached[key] != self.at]
        if not reached["pump_gate"] or self.at - reached["pump_gate"] >= STEP:
            lacking.append("pump_gate")
        try:
            stations = json.loads((self.var / "demo" / "stations.json").read_text())
        except FileNotFoundError:
            return [*lacking, "gauge"]
        known = min(datetime.fromisoformat(each) for each in stations.values())
        return [*lacking, "gauge"] if self.at - known >= 2 * STEP else lacking

    def _last(self, key):
        try:
            noted = json.loads((self.var / "demo" / key / drops.PROGRESS).read_text())
        except FileNotFoundError:
            return None
        return datetime.fromisoformat(noted["last"]) if "last" in noted else None


def is_complete():
    """Whether this list of feeds is that of the town; a new feed that sends needs a line here."""
    sends = {key for key, each in load_platforms().items() if each.transport not in ("rest", "wvp")}
    return sends == {*SLOTS, *AT_ONCE, "pump_gate", "gauge"}
