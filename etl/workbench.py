"""The engineer's commands for connecting a platform: new, try and record, which write no data."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cases import audit, damage
from cases.faults import Fault
from cases.store import migrate, open_store
from config import clock
from config.environment import ROOT, environment
from config.platforms import Platform, load_platforms
from etl import pictured, recording, sample, scaffold, snapshot, trial
from etl.errors import Refused
from etl.formats.stored import Stored
from etl.jobs import Answer

VERBS: Final = ("new", "try", "record", "damage", "snapshot", "pictures")


def add(verbs: Any) -> None:
    """What may be said to them."""
    made = verbs.add_parser("new", help="module, block and fixture of another platform")
    made.add_argument("key", metavar="KEY")
    made.add_argument("--transport", choices=sorted(scaffold.KINDS), default="rest")
    tried = verbs.add_parser("try", help="read one delivery and show it, without writing anything")
    tried.add_argument("key", metavar="KEY")
    tried.add_argument("--file", metavar="FILE", type=Path)
    kept = verbs.add_parser("record", help="keep one delivery, masked, as the platform's fixture")
    kept.add_argument("key", metavar="KEY")
    kept.add_argument("--file", metavar="FILE", type=Path)
    kept.add_argument("--records", metavar="N", type=int, default=recording.RECORDS)
    kept.add_argument("--replace", action="store_true", help="even where there is a fixture")
    shot = verbs.add_parser("snapshot", help="a camera's picture of now, kept as a file")
    for word in ("key", "device", "channel"):
        shot.add_argument(word, metavar=word.upper())
    seen = verbs.add_parser("pictures", help="pictures that rows name: here, or missing and why")
    seen.add_argument("key", metavar="KEY")
    seen.add_argument("--row", metavar="NO", help="one row: the files of its pictures")
    broken = verbs.add_parser("damage", help="raw files that are not what was received")
    broken.add_argument("key", nargs="?", metavar="KEY")
    broken.add_argument(
        "--acknowledge", metavar="WHY", help="let them be, with a reason that is kept; needs KEY"
    )


def do(asked: argparse.Namespace) -> Answer:
    """One of them; EtlError or ConfigError when it cannot be done."""
    if asked.verb == "new":
        return _new(asked.key, asked.transport)
    if asked.verb == "damage":
        return _damage(asked.key, asked.acknowledge)
    platform = _platform(asked.key, load_platforms())
    if asked.verb == "pictures":
        return Answer(0, pictured.report(asked.key, environment().var, asked.row))
    if asked.verb == "snapshot":
        return Answer(
            0, str(snapshot.keep(platform, asked.device, asked.channel, environment().var))
        )
    found = sample.take(platform, environment().var, asked.file)
    if asked.verb == "try":
        return Answer(0, trial.report(platform, found))
    return _record(platform, found, asked.records, replace=asked.replace)


def _damage(key: str | None, why: str | None) -> Answer:
    """List what is damaged, or let it be for a reason."""
    if key is not None:
        _platform(key, load_platforms())
    store = open_store()
    migrate(store)
    if why is None:
        lines = [
            f"{each.key} {each.path} {each.found_at:%Y-%m-%d %H:%M} {each.reason},"
            f" {each.rescued} rows from the snapshot"
            for each in damage.still(store, key)
        ]
        return Answer(0, "\n".join(lines) or "no raw file is known to be damaged")
    if key is None or not why.strip():
        said = "needs KEY and a reason: etl damage KEY --acknowledge WHY"
        raise Refused("damage", said, fault=Fault.COMMAND)
    number = damage.acknowledge(store, key, clock.now(), why.strip())
    entry = audit.Entry(
        "raw_damage_acknowledged", key, who="shell", role="engineer", detail={"why": why}
    )
    if number:
        audit.record(store, entry)
    return Answer(0, f"{key}: {number} damaged raw files acknowledged")


def _new(key: str, transport: str) -> Answer:
    written = "\n".join(str(path.relative_to(ROOT)) for path in scaffold.new(key, transport))
    return Answer(
        0,
        f"{written}\nnext: the columns in the first, the address in the second, then"
        f" `python -m etl try {key}` and `python -m etl record {key} --replace`",
    )


def _record(platform: Platform, found: sample.Sample, records: int, *, replace: bool) -> Answer:
    key = platform.key
    folder = ROOT / "tests" / "fixtures" / "platforms" / key
    there = sorted(folder.glob("payload.*"))
    if there and not replace:
        raise Refused(
            key,
            f"has a fixture already ({there[0].name}); --replace writes another",
            fault=Fault.COMMAND,
        )
    if isinstance(found.payload, Stored):
        raise Refused(
            key,
            f"{found.origin} is too large for a fixture; cut some rows out of it",
            fault=Fault.COMMAND,
        )
    payload = recording.masked(key, found.payload, found.ext, max(1, records))
    expected = scaffold.expectation(key, payload)
    folder.mkdir(parents=True, exist_ok=True)
    for old in there:
        old.unlink()
    (folder / f"payload.{found.ext}").write_bytes(payload)
    (folder / "expected.json").write_text(expected, encoding="utf-8")
    name = (folder / f"payload.{found.ext}").relative_to(ROOT)
    return Answer(0, f"{name}: {len(payload):,} bytes, masked; read it before you commit it")


def _platform(key: str, platforms: Mapping[str, Platform]) -> Platform:
    """Also one that is still switched off: that is when it is tried."""
    if key not in platforms:
        raise Refused(key, f"is not a platform; use {', '.join(platforms)}", fault=Fault.COMMAND)
    return platforms[key]
