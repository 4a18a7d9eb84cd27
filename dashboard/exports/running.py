"""Run the child of an export and hand on what it writes; it ends when nobody reads any more."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import structlog

from dashboard.exports import progress
from dashboard.exports.order import Order
from dashboard.exports.progress import Progress

_PIECE = 1 << 16
log = structlog.get_logger(__name__)


async def pieces(order: Order) -> AsyncIterator[bytes]:
    """The file as it is written."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "dashboard.exports.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    try:
        child.stdin.write(order.to_text().encode() + b"\n")
        await child.stdin.drain()
        child.stdin.close()
        while piece := await child.stdout.read(_PIECE):
            yield piece
        if await child.wait():
            why = (await child.stderr.read()).decode(errors="replace").strip()[-300:]
            log.warning("export_failed", metric=order.metric, why=why)
            raise RuntimeError("the export was not finished")  # else a file cut short looks whole
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            folder = Path(order.var) / "exports"
            left = Progress(0, order.total, progress.STOPPED, order.by)
            progress.note(folder, order.job, left)
