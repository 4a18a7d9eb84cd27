"""A disk that is really full: nothing acknowledged is lost, the last snapshot is served."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from cases.errors import CaseError
from config import clock
from etl.errors import Retryable
from warehouse.read import MetricQuery, Reader

NOON = datetime(2026, 11, 23, 12, 0, 0)
SPAN = MetricQuery(NOON.date().replace(day=1), NOON.date(), source="hotline_12345")
pytestmark = pytest.mark.fault


@pytest.fixture
def small_disk(var: Path):
    """HONGLAN_VAR on a disk of 64 MB of its own."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(var)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here ({done.stderr.strip()})")
    yield var
    subprocess.run(["umount", "-l", str(var)], check=True)


def page(make_order, first: int, count: int) -> bytes:
    text = "路灯不亮,请尽快处理。" * 200
    records = [
        make_order(n, "2026-11-20T10:00:00", nr=f"{n}{text}") for n in range(first, first + count)
    ]
    body = {"code": "0000", "result": {"pageData": {"records": records}}}
    return json.dumps(body, ensure_ascii=False).encode()


def test_a_full_disk_loses_nothing_and_heals_by_itself(
    small_disk, place, configure, blocks, make_order, core
):
    configure(blocks["hotline"].format(url="http://127.0.0.1:9/", size=20))
    with clock.frozen(NOON):
        at = place()
        at.mend()

        def take(first: int) -> None:
            at.loader.take(
                "hotline_12345", page(make_order, first, 20), ext="json", source="hotline_12345"
            )

        take(0)
        at.loader.succeeded(at.platforms["hotline_12345"], NOON)
        at.loader.publish(force=True)
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:  # nothing is kept back that closing the file would have to write
                file.write(b"\1" * (1 << 16))
        landed = len(list(at.loader.archive.lines("hotline_12345")))
        for first in (20, 40, 60):
            with pytest.raises((Retryable, CaseError)):
                take(first)
        reader = Reader(small_disk)
        assert reader.metric("hotline_received", SPAN).value == 20
        ballast.unlink()
        at.mend()
        for first in (20, 40, 60):
            take(first)
        assert core(at, "SELECT count(*) FROM core.hotline_order") == [(80,)]
        at.loader.publish(force=True)
        assert reader.metric("hotline_received", SPAN).value == 80
        assert len(list(at.loader.archive.lines("hotline_12345"))) >= landed + 3
