"""Accounts whose owners log in at the site's identity provider.

An administrator makes the account and says that it is entered that way. The provider's word then
opens it and nothing more: role, units and villages are ours.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select, update

from cases import sessions, users
from cases.errors import NotAllowed, NotKnown
from cases.schema import users as table
from cases.store import Store

WAYS = ("own", "oidc")


def enter_by(store: Store, name: str, way: str) -> None:
    """From now on by password (own) or at the provider (oidc), which no seat may.

    Forgets whom the provider named so far and ends the account's sessions.
    """
    if way not in WAYS:
        raise NotAllowed(way or "(empty)", "is no way to log in", " or ".join(WAYS))
    with store.writing() as connection:
        row = connection.execute(
            select(table.c.id, table.c.role).where(table.c.name == name)
        ).first()
        if row is None:
            raise NotKnown("user", name, connection.scalars(select(table.c.name)))
        if way != "own" and row.role == "seat":
            raise NotAllowed(name, users.SEAT_STAYS, "another role first: user role NAME ROLE")
        connection.execute(
            update(table).where(table.c.id == row.id).values(login_by=way, subject=None)
        )
        sessions.end_all(connection, row.id)


def owner(store: Store, issuer: str, subject: str, name: str) -> users.User | None:
    """Whose account this is: known by subject, else bound now by a name not yet bound; or nobody.

    A shut account is nobody's. An account entered by password is never bound: a name at the
    provider must not be enough to take it over.
    """
    known = subject_key(issuer, subject)
    by_oidc = table.c.login_by == "oidc"
    with store.writing() as connection:
        found = connection.execute(
            select(table.c.name, table.c.disabled_at).where(by_oidc, table.c.subject == known)
        ).first()
        if found is None:
            free = (by_oidc, table.c.name == name, table.c.subject.is_(None))
            found = connection.execute(
                select(table.c.name, table.c.disabled_at).where(
                    *free, table.c.disabled_at.is_(None)
                )
            ).first()
            if found is not None:
                bound = connection.execute(update(table).where(*free).values(subject=known))
                found = found if bound.rowcount == 1 else None
    if found is None or found.disabled_at is not None:
        return None
    return users.find(store, found.name)


def subject_key(issuer: str, subject: str) -> str:
    """What is kept of a subject: another provider's subject of the same spelling is another."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()
