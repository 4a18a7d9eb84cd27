"""The web process over an attacked street, for tests that need a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.environment import ROOT


@contextmanager
def serving(var: Path) -> Iterator[str]:
    """The address of a web process over a state folder."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = os.environ | {"HONGLAN_VAR": str(var), "HONGLAN_PORT": str(port)}
    with (var / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "serve"],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while not _answers(port):
            assert process.poll() is None, (var / "web.log").read_text()[-2000:]
            assert time.monotonic() < until, "the web process does not answer"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20):
            return True
    except (urllib.error.URLError, OSError):
        return False
