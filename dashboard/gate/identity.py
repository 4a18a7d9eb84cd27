"""From a cookie or a bearer token to the caller; anything doubtful is nobody."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread
from starlette.datastructures import Headers

from cases import devices, sessions, tokens
from cases.sessions import DESK_FOR
from cases.store import Store
from dashboard.gate.caller import Caller
from dashboard.gate.origins import Origins

_NAME = "honglan_session"
_HALF = "honglan_half"
_SCREEN = "honglan_screen"
_DESK = "honglan_desk"
_LONGEST = 128


@dataclass(frozen=True)
class Identity:
    """Reads who asks from the case store, each time anew: what is revoked counts at once."""

    store: Store
    origins: Origins

    @property
    def cookie(self) -> str:
        """The session cookie's name; under TLS the browser itself guards its prefix."""
        return f"__Host-{_NAME}" if self.origins.behind_tls else _NAME

    async def of(self, headers: Headers, peer: str) -> Caller | None:
        """The caller, or None; a wrong token never falls back to a cookie."""
        address = self.origins.address(headers, peer)
        if "authorization" in headers:
            given = headers.getlist("authorization")
            scheme, _, token = given[0].partition(" ")
            if len(given) > 1 or scheme.lower() != "bearer" or len(token) > _LONGEST:
                return None
            found = await to_thread.run_sync(tokens.find, self.store, token)
            if found is None:
                return None
            return Caller(
                found.name, found.role, address, units=found.units, villages=found.villages
            )
        session_id = self.session_id(headers)
        session = None
        if session_id is not None:
            session = await to_thread.run_sync(sessions.find, self.store, session_id)
        if session is None:
            return await self._screen(headers, address)
        units, villages = session.units, session.villages
        return Caller(session.name, session.role, address, session, units, villages)

    async def _screen(self, headers: Headers, address: str) -> Caller | None:
        key = self.device_key(headers)
        if key is None:
            return None
        device = await to_thread.run_sync(devices.find, self.store, key, address)
        return None if device is None else Caller(device.name, "wall", address, device=device)

    @property
    def _screen_name(self) -> str:
        return f"__Host-{_SCREEN}" if self.origins.behind_tls else _SCREEN

    def device_key(self, headers: Headers) -> str | None:
        """The key of a screen of the wall."""
        return cookie_of(headers, self._screen_name)

    def device_cookie(self, key: str) -> str:
        """The header that gives a screen its next key; the browser drops it when it ends."""
        secure = "; Secure" if self.origins.behind_tls else ""
        return f"{self._screen_name}={key}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def session_id(self, headers: Headers) -> str | None:
        """The one session cookie; two of the same name are a planted one and count as none."""
        return cookie_of(headers, self.cookie)

    @property
    def half_name(self) -> str:
        """The cookie of a login that is half done."""
        return f"__Host-{_HALF}" if self.origins.behind_tls else _HALF

    def half_cookie(self, half_id: str, seconds: int) -> str:
        """The header that keeps a half-done login for minutes, or takes it away."""
        secure = "; Secure" if self.origins.behind_tls else ""
        # Lax: the way back from an identity provider is a link from another site
        kind = f"Path=/; HttpOnly; SameSite=Lax{secure}"
        return f"{self.half_name}={half_id}; {kind}; Max-Age={seconds}"

    @property
    def _desk_name(self) -> str:
        return f"__Host-{_DESK}" if self.origins.behind_tls else _DESK

    def desk_mark(self, headers: Headers) -> str | None:
        """What a browser keeps of the desk that logged out here."""
        return cookie_of(headers, self._desk_name)

    def desk_cookie(self, mark: str) -> str:
        """The header that leaves the mark of a desk in its browser."""
        secure = "; Secure" if self.origins.behind_tls else ""
        kind = f"Path=/; HttpOnly; SameSite=Strict{secure}"
        return f"{self._desk_name}={mark}; {kind}; Max-Age={int(DESK_FOR.total_seconds())}"

    def set_cookie(self, session_id: str, role: str) -> str:
        """The header that gives a browser its session; a wall's screen keeps it for months."""
        life = f"; Max-Age={int(sessions.WALL_LIFE.total_seconds())}" if role == "wall" else ""
        secure = "; Secure" if self.origins.behind_tls else ""
        return f"{self.cookie}={session_id}; Path=/; HttpOnly; SameSite=Strict{secure}{life}"

    def drop_cookie(self) -> str:
        """The header that takes the session away."""
        secure = "; Secure" if self.origins.behind_tls else ""
        return f"{self.cookie}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0"


def cookie_of(headers: Headers, wanted: str) -> str | None:
    """The one cookie of a name; two of the same name are a planted one and count as none."""
    values = [
        value
        for line in headers.getlist("cookie")
        for name, _, value in (part.strip().partition("=") for part in line.split(";"))
        if name == wanted
    ]
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= _LONGEST else None
