"""One visitor's tries to get in, with the limits that hold for account and address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

import structlog
from fastapi import Request

from cases import attempts, audit, sessions, users
from cases.errors import NotAllowed
from cases.store import Store
from dashboard.gate import caller
from dashboard.gate.crowd import Crowd

log = structlog.get_logger(__name__)
WAITING = Crowd(in_all=24, for_each=24)  # each waits for one of two hashes at a time
CONFIRMING = Crowd(in_all=16, for_each=4)  # apart from them, and for each place where a desk stood
# Between two tries to acknowledge an alarm: at most 724 in an hour for one name at one place, and
# none while no alarm waits. An account's password is ten characters of three kinds.
SHORT_WAIT_S = 5
BUSY_WORDS = "登录人数较多，请稍后再试。"


@dataclass(frozen=True)
class Desk:
    """Checks names and passwords for one visitor and hands out sessions."""

    store: Store
    address: str
    agent: str

    def check(self, name: str, password: str) -> tuple[users.User | None, float]:
        """The account that the password opens, else how long to wait before the next try."""
        known = sessions.known_place(self.store, name, self.address)
        account = f"account:{name}@{self.address}" if known else f"account:{name}"
        address = f"address:{self.address}"
        wait = attempts.take(self.store, (account, address))
        if wait:
            return None, wait
        user = users.authenticate(self.store, name, password[:1024])
        if user is None:
            self.note("login", name, "-", "refused")
            log.warning("login_refused", account=name, address=self.address)
            return None, 0
        attempts.succeeded(self.store, account, address)
        return user, 0

    def confirm(self, name: str, password: str, place: str = "") -> tuple[users.User | None, float]:
        """The seat that acknowledges an alarm, by name and password; else how long to wait.

        The count is apart from that of the logins and goes by name and place (place.py), and
        waiting is seconds: whoever guesses never keeps a named seat from an alarm. Who is no seat
        is told what a wrong password is told, or this would say whose password is right.
        """
        key = f"confirm:{name}@{place or f'address:{self.address}'}"
        wait = attempts.take(self.store, (key,), longest=SHORT_WAIT_S)
        if wait:
            return None, wait
        user = users.authenticate(self.store, name, password[:1024], users.CONFIRMING)
        if user is None or user.role != "seat":
            self.note("confirm", name, "-", "refused")
            return None, 0
        attempts.forget(self.store, key)
        self.note("confirm", user.name, user.role, "ok")
        return user, 0

    def open(
        self, user: users.User, former: str | None, detail: dict[str, str] | None = None
    ) -> str:
        """A new session id; one that the browser brought along ends here."""
        if former:
            sessions.end(self.store, former)
        self.note("login", user.name, user.role, "ok", detail)
        return sessions.start(self.store, user.id, user.role, self.address, self.agent)

    def change(self, name: str, fields: dict[str, str]) -> tuple[users.User | None, str]:
        """The account with its new password, or the reason why not."""
        if users.find(self.store, name).login_by != "own":
            return None, "本账号用统一身份认证登录，请到那里更换密码。"
        user, wait = self.check(name, fields.get("old", ""))
        if wait:
            return None, wait_words(wait)
        if user is None:
            return None, "原密码不正确。"
        if fields.get("new") != fields.get("again"):
            return None, "两次输入的新密码不一致。"
        try:
            users.set_password(self.store, name, fields.get("new", ""))
        except NotAllowed:
            return None, "新密码不符合要求，请按下方规则重新设置。"
        self.note("password", name, user.role, "ok")
        return users.find(self.store, name), ""

    def note(
        self,
        event: str,
        name: str,
        role: str,
        outcome: str,
        detail: dict[str, str] | None = None,
    ) -> None:
        """What happened at the door, for the trail."""
        entry = audit.Entry(event, name, name, role, self.address, outcome, detail)
        audit.record(self.store, entry)


def desk(store: Store, request: Request) -> Desk:
    """The desk for the visitor of this request."""
    return Desk(store, caller.current().address, request.headers.get("user-agent", ""))


async def form_fields(request: Request) -> dict[str, str]:
    """The first value of every field of a posted form; bytes that are no text are replaced."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("application/x-www-form-urlencoded"):
        return {}
    body = (await request.body()).decode("utf-8", "replace")
    try:
        found = parse_qs(body, keep_blank_values=True, max_num_fields=16)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def wait_words(seconds: float) -> str:
    """How long somebody who failed too often has to wait."""
    whole = round(seconds + 0.5)
    length = f"{whole} 秒" if whole < 120 else f"{-(-whole // 60)} 分钟"
    return f"尝试次数过多，请 {length}后再试。"
