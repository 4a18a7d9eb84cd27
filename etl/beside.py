"""Pictures that come with a table, in its folder or its ZIP: taken out before the table is read.

Only of a platform whose rows name pictures. The pictures of a ZIP are kept once, as files, and its
tables land each as a delivery of their own; the ZIP itself would hold every picture a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cases.faults import Fault
from config import clock
from config.platforms import Platform
from etl import photo, registry
from etl.album import Album
from etl.errors import BadRecord
from etl.formats import bundle, workbook
from etl.formats.stored import settled


def tables(platform: Platform, var: Path, name: str, payload: bytes) -> Iterator[tuple[str, bytes]]:
    """What is to be read as rows of a dropped file, after its pictures are on disk.

    BadRecord when the file is a picture that is not kept; a picture in a ZIP that is not kept is
    noted in the index with its reason and holds up nothing.
    """
    key = platform.key
    if not registry.pictures(key):
        yield name, payload
        return
    album = Album(var, key)
    if photo.is_named(name):
        (shot,) = album.keep([(name, payload)], clock.local())
        if shot.reason:
            said = f"the picture is not kept ({shot.reason})"
            raise BadRecord(key, said, fault=Fault.FILE_UNREADABLE)
        return
    whole = settled(key, payload)
    if not whole.startswith(b"PK\x03\x04") or workbook.is_book(whole):
        yield name, payload
        return
    inside = bundle.members(key, whole)
    kept = album.keep(((n, c) for n, c in inside if photo.is_named(n)), clock.local())
    if not kept:
        yield name, payload
        return
    for each, content in bundle.members(key, whole):
        if not photo.is_named(each):
            yield each, content
