"""Run the product on one machine: `python -m deploy run`; helpers of the Makefile beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

from config import clock
from config.environment import ROOT, Environment, environment
from config.errors import ConfigError
from config.flood_plans import load_flood_plans
from config.kept import faults
from config.platforms import load_platforms
from config.site import load_site
from config.thresholds import load_thresholds
from config.workdays import load_calendar

USAGE = "usage: python -m deploy run | docs | last-week | cert FOLDER HOST…"


def main(arguments: list[str]) -> int:
    """Exit 0 done, 2 wrong words, 75 try again, 78 configuration."""
    match arguments:
        case ["run"]:
            return run()
        case ["docs"]:
            from deploy.docs import write_all

            write_all(ROOT / "docs")
            return 0
        case ["cert", folder, *hosts] if hosts:
            from deploy.cert import make

            print("".join(f"{path}\n" for path in make(hosts, Path(folder))), end="")
            return 0
        case ["last-week"]:
            year, week, _ = (clock.today() - timedelta(days=7)).isocalendar()
            print(f"{year}-W{week:02d}")
            return 0
    print(f"{' '.join(arguments) or 'no word'!r} is not known; {USAGE}", file=sys.stderr)
    return 2


def run() -> int:
    """Migrate, make the first credentials, start every process, wait until Ctrl-C."""
    env = environment()
    platforms = load_platforms()
    load_site(), load_calendar()  # a wrong file is told now, not by a dead process
    load_thresholds(), load_flood_plans()
    for fault in faults():  # what water is judged by must not keep it from being judged
        print(f"{fault.error}\nOnly what can be read of this file is used.", file=sys.stderr)
    (env.var / "log").mkdir(parents=True, exist_ok=True, mode=0o700)
    child = child_environment(env, demo=any(p.demo and p.enabled for p in platforms.values()))
    for command in (["cases", "migrate"], ["dashboard", "credentials"]):
        code = subprocess.run([sys.executable, "-m", *command], env=child, cwd=ROOT).returncode  # noqa: S603 - our own modules
        if code:
            return code
    supervisor = subprocess.Popen(  # noqa: S603 - our own configuration file
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "supervisor.supervisord",
            "-c",
            str(ROOT / "deploy" / "supervisord.conf"),
        ],
        env=child,
        cwd=ROOT,
    )
    signal.signal(signal.SIGTERM, lambda *_: supervisor.terminate())
    address = f"http://{env.host}:{env.port}"
    try:
        announce(supervisor, address, env.var)
        return supervisor.wait()
    except KeyboardInterrupt:  # the terminal told supervisor as well; it ends its processes first
        return supervisor.wait()


def child_environment(env: Environment, *, demo: bool) -> dict[str, str]:
    """What the processes inherit: where state and configuration lie, and whether the town runs."""
    return os.environ | {
        "HONGLAN_VAR": str(env.var),
        "HONGLAN_CONFIG": str(env.config),
        "HONGLAN_ROOT": str(ROOT),
        "HONGLAN_PYTHON": sys.executable,
        "HONGLAN_DEMO": "true" if demo else "false",
        "HONGLAN_DEMO_PORT": str(env.demo_port),
        "HONGLAN_SL651_PORT": str(env.sl651_port),
        "HONGLAN_PUSH_PORT": str(env.push_port),
        # each thread that asks would else keep memory of its own, on two cores without any gain
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
    }


def announce(supervisor: subprocess.Popen[bytes], address: str, var: Path) -> None:
    """Say where to look once the web answers; say which log to read when it does not."""
    for _ in range(240):
        if supervisor.poll() is not None:
            print(f"The processes could not be started; read {var}/log/supervisord.log.")
            return
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
            continue
        print(
            f"\n  智慧洪蓝  {address}        大屏 {address}/wall        停止 Ctrl-C\n", flush=True
        )
        return
    print(f"The web process does not answer at {address}; read {var}/log/web.log.", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ConfigError as error:
        print(error, file=sys.stderr)
        sys.exit(78)
