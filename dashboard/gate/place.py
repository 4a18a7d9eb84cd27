"""Where a desk stands: the places at which an alarm may be acknowledged by name and password.

Three things make a place known: the session that a browser had and nobody ended; the mark that a
browser keeps of a proper logout; an address where a seat has logged in. Each gives the key under
which tries are counted, so that whoever guesses in another browser holds nobody up here. A mark
goes by the account that made it, so that logging out again makes no new count.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from starlette.datastructures import Headers

from cases import sessions
from cases.store import Store, real_now
from config.environment import ensure_secret
from dashboard.gate.identity import Identity

KEY_FILE = "desk.key"
ROLES = frozenset({"seat", "leader"})


def found(store: Store, identity: Identity, headers: Headers, address: str) -> str:
    """The key of the place that asks; empty where no desk has stood."""
    session_id = identity.session_id(headers)
    role, owner = sessions.was(store, session_id) if session_id else ("", 0)
    if role in ROLES:
        return f"desk:{owner}"
    owner = _owner(store, identity.desk_mark(headers) or "")
    if owner:
        return f"desk:{owner}"
    return f"address:{address}" if sessions.seat_place(store, address) else ""


def mark(user_id: int, now: datetime | None = None) -> str:
    """What a browser keeps after the logout of somebody of a desk; it opens nothing."""
    said = f"{user_id}.{int((now or real_now()).timestamp())}"
    return f"{said}.{_signed(said)}"


def _owner(store: Store, given: str) -> int:
    """Whose mark it is while it counts: young, his account open, its password the same."""
    said, _, signature = given.rpartition(".")
    if not said or not hmac.compare_digest(signature.encode(), _signed(said).encode()):
        return 0
    user_id, at = (int(part) for part in said.split("."))
    made = datetime.fromtimestamp(at, UTC)
    if real_now() - made > sessions.DESK_FOR:
        return 0
    until = made + timedelta(seconds=1)  # a mark tells whole seconds
    return user_id if sessions.still(store, user_id, until) in ROLES else 0


def _signed(said: str) -> str:
    return hmac.new(ensure_secret(KEY_FILE).encode(), said.encode(), sha256).hexdigest()
