"""The real ETL, killed again and again while a town sends by every way, and what must hold then.

Orders come by REST, frames by telemetry, ledgers through the inbox; some rows are bad and must end
in quarantine. What the town was told is kept must be in the warehouse at the end, once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.environment import ROOT
from etl.formats import sl651
from etl.place import Place
from etl.rebuild import rebuild
from warehouse.generation import read_pointer

PROGRAMS = Path(__file__).parent / "programs"
LEDGER_HEAD = "案号,承办线,当事人,登记时间,受理时间,更新时间\n"
STUCK_S = 60.0


def frame(number: int) -> bytes:
    """One frame of a station; each number has a minute of its own."""
    minute = f"2611{1 + number // 1440:02d}{number // 60 % 24:02d}{number % 60:02d}"
    body = number.to_bytes(2, "big") + bytes.fromhex(f"{minute}00F1F1320117000148F0F0{minute}")
    body += bytes.fromhex("39230000983538121248")
    head = b"\x7e\x7e\x01" + bytes.fromhex("3201170001") + b"\x12\x34\x32"
    raw = head + len(body).to_bytes(2, "big") + b"\x02" + body + b"\x03"
    return raw + sl651.checksum(raw)


def stamp(number: int) -> str:
    """The update time of an order."""
    return f"2026-11-{1 + number // 100:02d}T{number % 100 // 5:02d}:{number % 5:02d}:00"


class Station(threading.Thread):
    """Sends one frame after another, each until it is confirmed."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.confirmed = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.02):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1) as line,
            ):
                line.settimeout(2)
                self.send(line)

    def send(self, line: socket.socket) -> None:
        while not self.ended.wait(0.05) and self.confirmed < 20_000:
            line.sendall(frame(self.confirmed))
            if not line.recv(100):
                return
            self.confirmed += 1


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Town:
    """What is sent, and what was promised about it."""

    def __init__(self, var: Path, hotline, make_order: Callable[..., dict], orders: int) -> None:
        self.var = var
        self.hotline = hotline
        self.script = [make_order(n, stamp(n)) for n in range(orders)]
        self.ledgers = 0
        self.station = Station(int(os.environ["HONGLAN_SL651_PORT"]))
        self.station.start()

    def show(self, share: float) -> None:
        """So much of the script has happened by now."""
        self.hotline.records = self.script[: int(len(self.script) * share)]

    def drop(self) -> None:
        """A ledger of two disputes and a row that cannot be right comes into the inbox."""
        n = self.ledgers
        self.ledgers += 1
        times = "2026-11-18 09:10:00,2026-11-18 09:40:00,2026-11-20 16:05:00"
        lines = enumerate(("中心牵头", "常轮随驻", "没有"))
        rows = [f"HL-{n}-{i},{line},张三、李四,{times}\n" for i, line in lines]
        inbox = self.var / "inbox" / "mediation"
        inbox.mkdir(parents=True, exist_ok=True)
        part = inbox / f"ledger-{n}.csv.part"
        part.write_text(LEDGER_HEAD + "".join(rows), encoding="utf-8")
        os.utime(part, (time.time() - 60, time.time() - 60))  # nobody has touched it lately
        part.rename(inbox / f"ledger-{n}.csv")

    @property
    def is_taken(self) -> bool:
        """Whether everything but the frames has arrived."""
        manifest = self.var / "raw" / "hotline_12345" / "manifest.jsonl"
        text = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
        waiting = list((self.var / "inbox" / "mediation").glob("ledger-*.csv"))
        return self.script[-1]["gxsj"] in text and not waiting


class Nursery:
    """Starts ETL processes one after the other and says how each ended."""

    def __init__(
        self, process: subprocess.Popen[str], readers: list[subprocess.Popen[str]]
    ) -> None:
        self.process = process
        self.readers = readers
        self.back_s: list[float] = []

    def say(self, words: str) -> int:
        """One command; the number it answers with."""
        print(words, file=self.process.stdin, flush=True)
        while (line := self._line()) == "ready":
            pass
        return int(line)

    def ready(self) -> None:
        """Wait until the process takes turns; how long it took is kept."""
        began = time.monotonic()
        assert self._line() == "ready"
        self.back_s.append(time.monotonic() - began)

    def ends(self) -> int:
        """How the process ended; one that hangs is asked to end, and then killed."""
        return self.say("wait")

    def see_published(self, var: Path) -> None:
        """Wait until something newer is published; on a slow machine short lives bring nothing."""
        before, until = read_pointer(var), time.monotonic() + STUCK_S
        while read_pointer(var) == before:
            assert time.monotonic() < until, "nothing was published"
            time.sleep(0.05)

    def run_to_the_end(self, town: Town) -> None:
        """One that nobody kills takes all that is left."""
        child = self.say("go")
        until = time.monotonic() + 5 * STUCK_S
        while not town.is_taken:
            assert time.monotonic() < until, "the ETL did not come to the end of the script"
            time.sleep(0.2)
        town.station.ended.set()
        town.station.join()
        os.kill(child, signal.SIGTERM)
        assert self.ends() == 0
        self.process.communicate("", timeout=300)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def start(name: str) -> subprocess.Popen[str]:
    """One of the programs."""
    said = Path(os.environ["HONGLAN_VAR"]).parent / "said.log"  # to look into after a failure
    with said.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", str(PROGRAMS / name)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


@contextlib.contextmanager
def nursery(readers: int = 1) -> Iterator[Nursery]:
    """A nursery and readers of what is published; those still running at the end are killed."""
    with contextlib.ExitStack() as running:
        made = []
        for name in ["nursery.py", *["reader.py"] * readers]:
            process = running.enter_context(start(name))
            running.callback(process.kill)
            made.append(process)
        yield Nursery(made[0], made[1:])


def check(at: Place, town: Town, readers: list[subprocess.Popen[str]], ask) -> None:
    """Nothing lost, doubled, or half to be seen; the archive alone makes the same again."""
    seen = [json.loads(each.communicate("", timeout=300)[0]) for each in readers]
    assert [each["wrong"] for each in seen] == [[]] * len(seen)
    assert [each["orders"] for each in seen] == [len(town.script)] * len(seen)
    assert min(each["generations"] for each in seen) > 2
    at.mend()
    assert not at.feeds["gauge"].has_segments
    assert town.station.confirmed > 0
    check_core(at, town, ask)
    with at.loader.writing() as warehouse:
        old = warehouse.fingerprint()
    _, unexplained = rebuild(at.loader)
    assert unexplained == []
    with at.loader.writing() as warehouse:
        assert warehouse.fingerprint() == old


def check_core(at: Place, town: Town, ask) -> None:
    """All that was sent and all that was confirmed is there, once, and the ledger adds up."""
    wanted = sorted((r["gdbh"], r["gxsj"].replace("T", " ")) for r in town.script)
    assert (
        ask(at, "SELECT order_no, updated_at::VARCHAR FROM core.hotline_order ORDER BY 1") == wanted
    )
    events = ask(at, "SELECT order_no, seq FROM core.hotline_event ORDER BY 1, 2")
    assert events == [(no, n) for no, _ in wanted for n in (1, 2)]
    [(readings, moments)] = ask(
        at, "SELECT count(*), count(DISTINCT observed_at) FROM core.gauge_reading"
    )
    assert readings == moments >= town.station.confirmed
    disputes = ask(at, "SELECT case_no FROM core.mediation_case ORDER BY 1")
    assert disputes == sorted((f"HL-{n}-{i}",) for n in range(town.ledgers) for i in (0, 1))
    bad = "SELECT sum(n) FROM core.batch_reject WHERE reason = '承办线不明'"
    assert ask(at, bad) == [(town.ledgers or None,)]
    torn = "SELECT count(*) FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined"
    assert ask(at, torn) == [(0,)]


def told(nursery: Nursery) -> str:
    """How soon each was back."""
    worst, usual = max(nursery.back_s), statistics.median(nursery.back_s)
    return f"back after {usual:.2f} s, at worst {worst:.2f} s, of {len(nursery.back_s)} starts"
