"""A raw delivery as a batch for the warehouse: read by the code or the mapping it came with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from cases import vault
from cases.faults import Fault
from cases.store import Store
from config import failpoint
from etl import damage as damages
from etl import durable, packing, reading, registry
from etl import mapping as mappings
from etl.errors import Damaged, EtlError, Retryable
from etl.formats.cell import Yielded
from etl.formats.stored import Stored
from etl.landing import Archive
from etl.located import Told, located
from etl.manifest import NOISE, Line
from etl.quarantine import DAMAGED
from warehouse import rescue
from warehouse.batch import Batch, Reject
from warehouse.schema import Table

SPOOL: Final = "spool"  # where large deliveries wait, in files without names


class Deliveries:
    """What lies in the archive, as rows of the declared tables."""

    def __init__(
        self,
        var: Path,
        store: Store,
        archive: Archive,
        tables: Mapping[str, Mapping[str, Table]],
        told: Mapping[str, Told],
    ) -> None:
        self._var, self._store = var, store
        self._archive, self._tables, self._told = archive, tables, told

    def read(
        self, key: str, line: Line, payload: bytes | None = None
    ) -> tuple[Batch, EtlError | None]:
        """A delivery as a batch, its personal columns in the vault; what was wrong with it."""
        try:
            is_held = payload is not None and not isinstance(payload, Stored)
            content = payload if is_held and payload else self._archive.content(key, line)
            found = self._found(key, line, content)
            if isinstance(found.fault, Damaged):
                raise found.fault
        except Damaged as damage:
            return self._without_raw(key, line, damage)
        except OSError as error:
            if not durable.is_full(error):
                raise
            raise Retryable(
                key, "the disk is full; loading goes on with room", fault=Fault.DISK_FULL
            ) from None
        batch = Batch(
            batch_id=line.id,
            key=key,
            source=line.source,
            raw_path=f"{key}/{line.path}",
            recorded_at=line.received,
            ordered_at=line.ordered,
            cursor=None if found.fault else line.cursor,
            rows=found.rows,
            rejects=found.rejects,
        )
        return batch, found.fault

    def rows(self, key: str, line: Line, payload: bytes) -> Iterable[Yielded]:
        """What a delivery says, read as it was when it came: by its platform or by its mapping."""
        if line.path.split(".")[-2] == NOISE:
            return reading.noise(payload)
        if line.mapping is None:
            return located(registry.parser(key)(payload), self._tables[key], self._told[key])
        file = self._archive.root / key / line.mapping
        plan = mappings.read(file, file.read_bytes(), self._tables)
        rows = mappings.parse(plan, self._tables[key][plan.table], payload)
        return located(rows, self._tables[key], Told(plan.crs))

    def _found(self, key: str, line: Line, content: bytes) -> reading.Delivery:
        keep = partial(self._keep, line)
        found = reading.read(
            self.rows(key, line, content),
            self._tables[key],
            vault.keyed_hash,
            reading.Room(self._var / SPOOL, keep),
        )
        for table, kept in found.kept.items():
            keep(table, kept)
            failpoint.reach("vault.kept")
        return found

    def _keep(self, line: Line, table: str, kept: reading.Kept) -> None:
        vault.put(self._store, line.source, table, kept, line.received.date())

    def _without_raw(self, key: str, line: Line, damage: Damaged) -> tuple[Batch, EtlError | None]:
        """A delivery whose raw file is damaged: its rows from the last snapshot, if it has them."""
        packing.set_aside(
            self._archive.root / key / line.path,
            self._var / "quarantine" / "damaged" / "raw" / key,
        )
        rows = rescue.rows_of(self._var, line.id, self._tables[key])
        damages.found(self._store, key, line, damage, sum(map(len, rows.values())))
        batch = Batch(
            batch_id=line.id,
            key=key,
            source=line.source,
            raw_path=f"{key}/{line.path}",
            recorded_at=line.received,
            ordered_at=line.ordered,
            cursor=line.cursor if rows else None,
            rows=rows,
            rejects=[] if rows else [Reject(0, DAMAGED, line.path)],
        )
        return batch, None if rows else damage
