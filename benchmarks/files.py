"""Files and frames: how fast a CSV of a million rows and SL 651 frames reach core, and in how much
memory; what a file over the limit costs before it is refused.

Each question runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.figure import show

ROWS = 1_000_000
FRAMES, STATIONS = 10_000, 4
BIG = 513 << 20  # the limit is 512 MiB
START = datetime(2026, 1, 1)


def rss() -> float:
    """MiB this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)


def peak() -> float:
    """MiB this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(path: Path) -> None:
    """Levels of 100 stations as the water bureau dumps them."""
    with path.open("w", encoding="gb18030") as file:
        file.write("STCD,TM,Z,DRP,INTV\n")
        for n in range(ROWS):
            at = START + timedelta(minutes=5 * (n // 100))
            file.write(f"32011700{n % 100:02d},{at},{9 + n % 700 / 1000:.3f},0.5,1\n")


@contextmanager
def place():
    """An installation of its own."""
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-"))
    os.environ |= {"HONGLAN_VAR": str(var), "HONGLAN_SL651_PORT": "0"}
    from cases.store import migrate, open_store
    from config import clock
    from config.platforms import load_platforms
    from etl.place import Place

    try:
        store = open_store()
        migrate(store)
        with clock.frozen(datetime(2026, 11, 23, 12)), Place(var, load_platforms(), store) as at:
            at.mend()
            yield at
    finally:
        shutil.rmtree(var)


def csv() -> None:
    """A file of a million rows, from the inbox to core."""
    from etl.formats import sheet

    with place() as at:
        file = at.var / "inbox" / "gauge" / "levels.csv"
        table(file)
        os.utime(file, (1, 1))
        payload = file.read_bytes()
        before = rss()
        start, cpu = time.perf_counter(), time.process_time()
        read = sum(1 for _ in sheet.read("gauge", payload, ["STCD", "TM", "Z", "DRP", "INTV"]))
        took, cpu = time.perf_counter() - start, time.process_time() - cpu
        size = len(payload) >> 20
        show(f"CSV of {read:,} rows, {size} MiB: lines read", f"{read / took:,.0f} rows/s", "-")
        show("  by the processor's own clock", f"{read / cpu:,.0f} rows/s", "-")
        show("  memory the reading took", f"{peak() - before:,.0f} MiB", "bounded")
        del payload
        start, cpu = time.perf_counter(), time.process_time()
        tally = at.turn("gauge", "files", at.feeds["gauge"].sweep, wait=True)
        took, cpu = time.perf_counter() - start, time.process_time() - cpu
        said = f"{tally.loaded / took:,.0f} rows/s"
        show(f"  inbox to core, {tally.loaded:,} rows loaded", said, "40,000 rows/s")
        show("  by the processor's own clock", f"{tally.loaded / cpu:,.0f} rows/s", "-")
        show("  memory of the process at most", f"{peak():,.0f} MiB", "1,024 MiB")


def frames() -> None:
    """Frames of stations over TCP, confirmed after the sync, into core."""
    from etl.formats import sl651

    def report(station: int, number: int) -> bytes:
        at = START + timedelta(minutes=number)
        name = f"32011700{station:02d}"
        body = bytes.fromhex(
            f"{number % 65536:04x}{at:%y%m%d%H%M%S}F1F1{name}48F0F0{at:%y%m%d%H%M}"
            f"392300{number % 10**6:06d}38121248"
        )
        head = f"7E7E01{name}123432{len(body):04x}02"
        raw = bytes.fromhex(head) + body + b"\x03"
        return raw + sl651.checksum(raw)

    with place() as at:
        stream = at.feeds["gauge"].stream(lambda: at.drain("gauge"))
        assert stream is not None
        sent = [[report(s, n) for n in range(FRAMES)] for s in range(STATIONS)]
        stream.start()

        def send(frames: list[bytes]) -> None:
            with socket.create_connection(("127.0.0.1", stream.port)) as line:
                for first in range(0, len(frames), 50):
                    batch = frames[first : first + 50]
                    line.sendall(b"".join(batch))
                    wanted = 25 * len(batch)
                    while wanted:
                        wanted -= len(line.recv(wanted))

        start = time.perf_counter()
        threads = [threading.Thread(target=send, args=(each,)) for each in sent]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        confirmed = time.perf_counter() - start
        stream.stop()
        at.drain("gauge", wait=True)
        took = time.perf_counter() - start
        with at.loader.writing() as warehouse:
            (rows,) = warehouse.connection.execute(
                "SELECT count(*) FROM core.gauge_reading"
            ).fetchone()
        total = FRAMES * STATIONS
        assert rows == total, (rows, total)
        said = f"{total / confirmed:,.0f} frames/s"
        show(f"SL 651: {total:,} frames confirmed after the sync", said, "1,000 frames/s")
        show("  the same frames in core", f"{total / took:,.0f} frames/s", "1,000 frames/s")


def refused() -> None:
    """A file over the limit, put aside without being read, and one below that says nothing."""
    from etl.errors import EtlError

    with place() as at:
        for size in (BIG, BIG - (2 << 20)):
            file = at.var / "inbox" / "mediation" / f"{size >> 20}.csv"
            with file.open("wb") as out:
                out.truncate(size)
            os.utime(file, (1, 1))
            before, start = peak(), time.perf_counter()
            try:
                at.turn("mediation", "files", at.feeds["mediation"].sweep, wait=True)
            except EtlError as error:
                said = error.what
            took = (time.perf_counter() - start) * 1000
            show(said, f"{took:,.0f} ms", "5 s over the limit")
            show("  memory it took", f"{peak() - before:,.1f} MiB", "64 MiB")


QUESTIONS: dict[str, Callable[[], None]] = {"csv": csv, "frames": frames, "refused": refused}


def main(names: list[str]) -> int:
    """Each question in a process of its own, or the one that is named here."""
    if len(names) == 1:
        QUESTIONS[names[0]]()
        return 0
    return max(
        subprocess.run([sys.executable, "-m", "benchmarks.files", name]).returncode
        for name in QUESTIONS
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
