"""Views of case tables: search words, filters, order and columns that a person keeps.

What is searched for may be a name, so it never stands in an address: the address has the random id
of a view, and whoever gets the link sees the view through the own rights. Views that got no name
serve links and exports; they are forgotten after a quarter of a year without use.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from cases.errors import NotAllowed
from cases.schema import case_view, utc
from cases.store import Store

MOST_NAMED: Final = 50
LONGEST_NAME: Final = 40
_LARGEST: Final = 20_000
_KEPT: Final = timedelta(days=90)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class View:
    """One view: whose it is, of which metric's table, and what it holds."""

    id: str
    owner: str
    metric: str
    name: str
    body: Mapping[str, Any]


def keep(
    store: Store, owner: str, metric: str, body: Mapping[str, Any], at: datetime, name: str = ""
) -> str:
    """Keep a view and give its id; a name that the owner has already is given the new content."""
    text = json.dumps(dict(body), ensure_ascii=False, sort_keys=True)
    if len(text) > _LARGEST:
        raise NotAllowed("a view of a table", "it is too large", "20,000 characters")
    name = "".join(sign for sign in name if sign.isprintable()).strip()[:LONGEST_NAME]
    view_id = secrets.token_urlsafe(16)
    values = {"body": text, "used_at": utc(at)}
    mine = (case_view.c.owner == owner) & (case_view.c.metric == metric)
    with store.writing() as connection:
        same = mine & (case_view.c.name == name)
        if not name:
            same = same & (case_view.c.body == text)
        known = connection.scalar(select(case_view.c.id).where(same))
        if known is not None:
            connection.execute(update(case_view).where(case_view.c.id == known).values(**values))
            return str(known)
        if name:
            count = select(func.count()).select_from(case_view)
            named = connection.scalar(
                count.where((case_view.c.owner == owner) & (case_view.c.name != ""))
            )
            if named and named >= MOST_NAMED:
                raise NotAllowed(
                    "another saved view", "there are too many", f"{MOST_NAMED}, one goes first"
                )
        old = (case_view.c.name == "") & (case_view.c.used_at < utc(at - _KEPT))
        connection.execute(delete(case_view).where(old))
        connection.execute(
            insert(case_view).values(id=view_id, owner=owner, metric=metric, name=name, **values)
        )
    return view_id


def find(store: Store, view_id: str) -> View | None:
    """The view of an id, whoever made it; None when there is none."""
    if not _ID.fullmatch(view_id):
        return None
    with store.reading() as connection:
        row = connection.execute(select(case_view).where(case_view.c.id == view_id)).first()
    if row is None:
        return None
    return View(row.id, row.owner, row.metric, row.name, json.loads(row.body))


def named(store: Store, owner: str, metric: str) -> list[View]:
    """The saved views of someone for one table, by name."""
    mine = (case_view.c.owner == owner) & (case_view.c.metric == metric) & (case_view.c.name != "")
    with store.reading() as connection:
        rows = connection.execute(select(case_view).where(mine).order_by(case_view.c.name)).all()
    return [View(r.id, r.owner, r.metric, r.name, json.loads(r.body)) for r in rows]


def drop(store: Store, owner: str, view_id: str) -> bool:
    """Take a view away; only its owner can."""
    mine = (case_view.c.id == view_id) & (case_view.c.owner == owner)
    with store.writing() as connection:
        return bool(connection.execute(delete(case_view).where(mine)).rowcount)
