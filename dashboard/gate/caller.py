"""Who is asking: set by the gate for the length of one request or one socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from cases.devices import Device
from cases.sessions import Session
from config.site import load_site
from dashboard.gate.policy import Right, every_name, right_of


@dataclass(frozen=True, slots=True)
class Caller:
    """A person's session, a screen with its own key, or a program's token."""

    name: str
    role: str
    address: str
    session: Session | None = None
    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    device: Device | None = None

    @property
    def right(self) -> Right:
        """What this caller may read and open."""
        site = load_site() if self.units or self.villages else None
        units = () if site is None else every_name(self.units, site.units)
        places = () if site is None else tuple(map(site.community_name, self.villages))
        return right_of(self.role, units, self.villages, places=places, is_program=self.is_program)

    @property
    def unnamed(self) -> Caller:
        """Somebody with the same rights and no name: for whom is made what many share."""
        session = self.session and replace(self.session, id_hash="-", user_id=0, name="-")
        device = self.device and replace(self.device, id=0, name="-")
        return replace(self, name="-", address="-", session=session, device=device)

    @property
    def is_program(self) -> bool:
        """True when a token asks instead of a session or a screen."""
        return self.session is None and self.device is None

    @property
    def key(self) -> str:
        """What tells this caller from every other, for limits."""
        if self.device is not None:
            return f"screen:{self.device.id}"
        return self.session.id_hash if self.session else f"token:{self.name}"


NOBODY = Caller("-", "-", "-")
MACHINE = Caller("shell", "shell", "-")  # a command at the machine itself
SCREEN = Caller("wall", "wall", "-")  # the wall, whoever stands before one of its windows
_current: ContextVar[Caller] = ContextVar("honglan_caller", default=NOBODY)


def current() -> Caller:
    """Who is asking; NOBODY outside a request, who may read no case."""
    return _current.get()


@contextmanager
def asking(who: Caller) -> Iterator[None]:
    """Mark who asks while the request is being answered."""
    mark = _current.set(who)
    try:
        yield
    finally:
        _current.reset(mark)
