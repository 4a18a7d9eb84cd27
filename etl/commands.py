"""What the commands do once the lock is theirs; each ends with an exit code and a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from cases import runs
from cases.faults import Fault
from config.errors import ConfigError
from etl import beside, quarantine, reading, status
from etl import mapping as mappings
from etl.backfill import backfill as read_days
from etl.backfill import days
from etl.delivered import SPOOL
from etl.errors import BadRecord, EtlError, Refused, Retryable
from etl.formats.stored import demand_kind, digest, judge
from etl.health import Tally
from etl.jobs import Answer
from etl.manifest import Line
from etl.place import Place
from etl.progress import alone, politely
from etl.rebuild import rebuild as make_anew
from etl.transports.files import local
from warehouse import ledger

DONE, WRONG, AGAIN, CONFIGURATION = 0, 2, 75, 78
_GROWING_S: Final = 1.0


def once(place: Place, keys: list[str]) -> Answer:
    """One turn of every platform named, or of all at once; the others go on when one fails."""
    place.mend()
    keys = keys or list(place.feeds)
    with ThreadPoolExecutor(max(1, len(keys)), thread_name_prefix="once") as lanes:
        turns = list(lanes.map(lambda key: _turn(place, key), keys))
    faults = [turn for turn in turns if isinstance(turn, EtlError)]
    said = [
        f"{key}: {counted(turn)}"
        for key, turn in zip(keys, turns, strict=True)
        if not isinstance(turn, EtlError)
    ]
    number = place.loader.publish(force=True)
    if number is not None:
        said.append(f"published generation {number}")
    return Answer(worst(faults), "\n".join(said), "\n".join(str(each) for each in faults))


def _turn(place: Place, key: str) -> Tally | EtlError:
    """Files, what streams left, and the question of one platform; or what went wrong."""
    feed, total = place.feeds[key], Tally()
    try:
        if feed.is_filling and not feed.has_files:
            time.sleep(_GROWING_S)  # a second look tells whether a file is still growing
        if feed.has_files:
            total.add(place.turn(key, "files", feed.sweep, wait=True))
        if feed.has_segments:
            total.add(place.turn(key, "stream", feed.drain, wait=True))
        if feed.is_polled:
            total.add(place.turn(key, "poll", feed.poll, wait=True))
    except EtlError as error:
        return error
    return total


def import_file(
    place: Place, key: str, file: Path, mapping: Path | None, source: str | None
) -> Answer:
    """One file into the platform's own source, or by mapping or name into a set apart.

    Pictures in a ZIP beside its tables are kept as files, as from the inbox.
    """
    payload = local(file)
    judge(key, payload)
    demand_kind(key, file.name, payload)
    kept, set_name = None, source
    if mapping is not None:
        content = local(mapping)
        plan = mappings.read(mapping, content, place.loader.tables)
        if plan.key != key:
            raise ConfigError(mapping, "key", plan.key, f"{key}, as in the command")
        set_name = source or plan.source
    own = place.platforms[key].source
    target = _set_name(place, set_name) if set_name else own
    if mapping is not None:
        kept = place.loader.archive.keep_mapping(key, content)
        found = [(file.name, payload)]
    else:
        found = list(beside.tables(place.platforms[key], place.var, file.name, payload))
    if not found:
        return Answer(DONE, f"{file.name}: pictures only, kept; see: etl pictures {key}")
    for name, table in found:
        told = str(file) if name == file.name else f"{file}: {name}"
        _probe(place, key, told, table, kept)
    new = [
        (name, table)
        for name, table in found
        if not place.loader.archive.knows(key, digest(table), target, kept)
    ]
    if not new:
        place.mend()
        number = place.loader.publish(force=True)
        return Answer(DONE, f"{file.name}: already loaded as {target}{_published(number)}")

    def load(tally: Tally) -> None:
        place.mend()
        for name, table in new:
            at = _land(place, key, (name, table), target, kept, tally)
        if target == own:  # the fallback by hand is an answer of the platform like any other
            place.loader.succeeded(place.platforms[key], at)

    tally = (
        place.turn(key, "import", load, wait=True) if target == own else _apart(place, key, load)
    )
    number = place.loader.publish(force=True)
    return Answer(DONE, f"{file.name}: as {target}, {counted(tally)}{_published(number)}")


def _land(
    place: Place, key: str, table: tuple[str, bytes], target: str, kept: str | None, tally: Tally
) -> datetime:
    """One table into the archive and from there into the warehouse; when it was received."""
    name, payload = table
    known_by = digest(payload)
    is_mended = any(
        line.sha256 == known_by and line.source == target
        for line in place.loader.archive.lines(key)
    )
    line = place.loader.archive.land(
        key, payload, ext=_ext(name), source=target, count=None, mapping=kept
    )
    if is_mended:  # the same file by another mapping: what the old one made of it goes
        tally.add(place.loader.read_anew(key, target))
    else:
        tally.add(place.loader.load(key, line, payload))
    return line.received


def replay(place: Place, keys: list[str]) -> Answer:
    """Read again what has rows in quarantine, by today's code and mappings."""
    place.mend()
    total = place.loader.replay(keys or None)
    number = place.loader.publish(force=True)
    return Answer(DONE, f"replayed: {counted(total)}{_published(number)}")


def balance(place: Place) -> Answer:
    """The books of all deliveries: rows in = loaded + unchanged + quarantined, source by source."""
    place.mend()
    with place.loader.writing() as warehouse:
        balances = warehouse.ledger(ledger.balance)
    said = status.balanced(balances, quarantine.lying(place.var / "quarantine"))
    wrong = [each.source for each in balances if each.missing]
    if wrong:
        return Answer(AGAIN, said, f"balance: rows are unaccounted for in {', '.join(wrong)}")
    return Answer(DONE, said)


def backfill(place: Place, key: str, first: date | None, last: date | None) -> Answer:
    """Raw days of one platform once more, by today's code; other lanes go first."""
    if first is not None and last is not None and first > last:
        return Answer(WRONG, "", f"backfill: --from {first} is after --to {last}")
    place.mend()
    chunks = days(place.loader, key, first or date.min, last or date.max)
    if not chunks:
        return Answer(DONE, f"{key}: no delivery was received on these days")
    give_way = politely if place.is_shared else alone

    def load(tally: Tally) -> None:
        tally.add(read_days(place.loader, key, chunks, give_way))

    tally = _apart(place, key, load, "backfill")
    number = place.loader.publish(force=True)
    span = f"{chunks[-1][0]} to {chunks[0][0]}, {sum(len(of) for _, of in chunks)} deliveries"
    return Answer(DONE, f"{key}: {span}: {counted(tally)}{_published(number)}")


def rebuild(place: Place) -> Answer:
    """A new warehouse from the archive alone; it takes the place of the old one if it is equal."""
    total, unexplained = make_anew(place.loader, politely if place.is_shared else alone)
    if unexplained:
        said = "; ".join(unexplained[:8])
        return Answer(
            AGAIN, "", f"warehouse: the rebuilt one was not put in place, because it {said}"
        )
    number = place.loader.publish(force=True)
    return Answer(DONE, f"rebuilt: {counted(total)}{_published(number)}")


def counted(tally: Tally) -> str:
    """A run in figures, quarantine by reason."""
    reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(tally.reasons.items()))
    return (
        f"{tally.rows_in} rows in, {tally.loaded} loaded, {tally.unchanged} unchanged,"
        f" {tally.quarantined} in quarantine" + (f" ({reasons})" if reasons else "")
    )


def worst(faults: Iterable[EtlError]) -> int:
    """The exit code of several faults: a person must act, before try again."""
    codes = [AGAIN if isinstance(each, Retryable) else CONFIGURATION for each in faults]
    return max(codes, default=DONE)


def _apart(place: Place, key: str, load: Callable[[Tally], None], kind: str = "import") -> Tally:
    """A set apart, or what was there before, says nothing about how its platform is."""
    run_id = runs.start(place.store, key, kind)
    tally = Tally()
    try:
        load(tally)
    except EtlError as error:
        runs.finish(place.store, run_id, ok=False, error=error.what, fault=error.fault)
        raise
    runs.finish(
        place.store,
        run_id,
        ok=True,
        rows_in=tally.rows_in,
        loaded=tally.loaded,
        unchanged=tally.unchanged,
        quarantined=tally.quarantined,
    )
    return tally


def _ext(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return ending if ending.isalnum() else "file"


def _probe(place: Place, key: str, told: str, payload: bytes, mapping: str | None) -> None:
    """Read the file before anything is kept: one that cannot be read leaves nothing behind."""
    line = Line("", f"x.{_ext(told)}.gz", "", 0, "", None, None, "", False, mapping)
    found = reading.read(
        place.loader.deliveries.rows(key, line, payload),
        place.loader.tables[key],
        lambda text: text,
        reading.Room(place.var / SPOOL, lambda *_: None),
    )
    if found.fault is not None:
        raise BadRecord(told, found.fault.what, fault=found.fault.fault)
    if not found.count:
        raise BadRecord(told, "the file has a header but no rows", fault=Fault.COMMAND)


def _set_name(place: Place, name: str) -> str:
    taken = {each.source for each in place.platforms.values()} | set(place.loader.tables)
    if name in taken or not name.replace("_", "a").replace("-", "a").isalnum():
        raise Refused(
            "--source",
            f"{name} cannot name a set; use letters, digits, _ and -",
            fault=Fault.COMMAND,
        )
    return name


def _published(number: int | None) -> str:
    return "" if number is None else f"; published generation {number}"
