"""F5: the disk fails under the ETL: it ends with 75, and the next start finds everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from config.environment import ROOT
from etl.errors import is_broken_disk
from tests.etl import under_fire

SYNC, NAME, WRITE = "fsync,fdatasync", "rename,renameat,renameat2", "write,pwrite64"
QUICK = [(SYNC, 3), (SYNC, 40), (NAME, 2), (WRITE, 40)]
# strace counts for each thread by itself
LONG = [(kind, n) for kind in (SYNC, NAME) for n in range(1, 51)]
LONG += [(WRITE, n) for n in range(10, 60)]
GONE_S = 480


def test_a_failed_disk_is_known_by_what_the_libraries_say_of_it():
    try:
        try:
            raise OSError(5, "Input/output error")
        except OSError as error:
            raise RuntimeError("cannot be stored") from error
    except RuntimeError as error:
        assert is_broken_disk(error)
    assert is_broken_disk(RuntimeError("cases.sqlite3 cannot be used (disk I/O error)"))
    assert is_broken_disk(RuntimeError("FATAL Error: database has been invalidated because of a"))
    assert is_broken_disk(RuntimeError("FATAL Error: fsync failed!"))
    assert not is_broken_disk(RuntimeError("FATAL Error: Could not write: No space left on device"))
    assert not is_broken_disk(OSError(28, "No space left on device"))
    assert not is_broken_disk(ValueError("x"))


def run_until_the_disk_fails(calls: str, when: int) -> tuple[int, str]:
    """`python -m etl run`, whose system calls fail from a moment on; how it ended, what it said."""
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={calls}"]
    inject = ["-e", f"inject={calls}:error=EIO:when={when}+"]
    command = [*strace, *inject, sys.executable, "-W", "ignore", "-m", "etl", "run"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=GONE_S
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.fault
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("calls", "when"), LONG if os.environ.get("HONGLAN_LONG") else QUICK)
def test_a_disk_that_fails_ends_the_process_with_75_and_loses_nothing(
    calls, when, var, configure, blocks, hotline, make_order, place, core, monkeypatch
):
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed here; system calls cannot be made to fail")
    monkeypatch.setenv("HONGLAN_SL651_PORT", str(under_fire.free_port()))
    often = blocks["hotline"].format(url=hotline.url, size=10).replace('"1m"', '"1s"')
    configure(often + blocks["gauge"] + blocks["mediation"])
    town = under_fire.Town(var, hotline, make_order, 60)
    town.show(1)
    town.drop()
    code, said = run_until_the_disk_fails(calls, when)
    if "ptrace" in said and "denied" in said:
        pytest.skip("this machine does not allow strace")
    assert code == 75, said[-2000:]
    town.station.ended.set()
    town.station.join()
    at = place()
    at.mend()
    at.feeds["gauge"].stream(lambda: None)  # closes what was left open
    for kind, feed in (("poll", "hotline_12345"), ("files", "mediation"), ("stream", "gauge")):
        work = {"poll": "poll", "files": "sweep", "stream": "drain"}[kind]
        at.turn(feed, kind, getattr(at.feeds[feed], work), wait=True)
    under_fire.check_core(at, town, core)
