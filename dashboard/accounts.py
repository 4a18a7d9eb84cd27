"""What an administrator does to accounts, sessions and tokens; every change stands in the trail.

The page, the API and the shell all come through here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from cases import audit, devices, factor, outside_logins, pairing, sessions, tokens, users
from cases.devices import Device
from cases.errors import NotAllowed
from cases.store import Store
from dashboard.gate import caller
from layouts.wall import load_profiles, scene_names


def add(
    store: Store,
    name: str,
    role: str,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
    password: str = "",
) -> tuple[users.User, str]:
    """A new account and its password; one that was made here is good for one login."""
    chosen = password or users.generate_password()
    user = users.add(
        store, name, role, chosen, units=units, villages=villages, one_time=not password
    )
    _note(store, "user_add", name, _right(user))
    return user, chosen


def give_role(
    store: Store, name: str, role: str, units: Sequence[str] = (), villages: Sequence[str] = ()
) -> users.User:
    """Another role or other units; ends the account's sessions."""
    _demand_other(name, "give oneself a role")
    users.set_role(store, name, role, units, villages)
    user = users.find(store, name)
    _note(store, "user_role", name, _right(user))
    return user


def shut(store: Store, name: str, *, shut_it: bool) -> None:
    """Shut an account and end its sessions, or open it again."""
    if shut_it:
        _demand_other(name, "shut oneself out")
    (users.disable if shut_it else users.enable)(store, name)
    _note(store, "user_disable" if shut_it else "user_enable", name)


def new_password(store: Store, name: str, password: str = "") -> str:
    """A new password, shown once; one that was made here is good for one login."""
    chosen = password or users.generate_password()
    users.set_password(store, name, chosen, one_time=not password)
    _note(store, "user_password", name)
    return chosen


def enter_by(store: Store, name: str, way: str) -> None:
    """Log in from now on by password (own) or at the provider (oidc); ends the sessions."""
    _demand_other(name, "change one's own way of login")
    outside_logins.enter_by(store, name, way)
    _note(store, "user_login", name, {"by": way})


def drop_factor(store: Store, name: str) -> None:
    """Take the second factor away, for somebody who lost the telephone; enrolled anew at login."""
    _demand_other(name, "take away one's own second factor")
    factor.drop(store, name)
    _note(store, "factor_drop", name)


def end_sessions(store: Store, name: str) -> int:
    """End all sessions of an account; how many."""
    ended = sessions.end_of(store, users.find(store, name).id)
    _note(store, "sessions_end", name, {"count": ended})
    return ended


def end_session(store: Store, id_hash: str) -> None:
    """End one session by what is kept of its id."""
    name = sessions.end_one(store, id_hash)
    if name:
        _note(store, "session_end", name, {"session": id_hash[:12]})


def new_token(
    store: Store,
    role: str,
    name: str | None = None,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
) -> str:
    """A new token, shown once."""
    token = tokens.create(store, role, name, units=units, villages=villages)
    _note(store, "token_create", name or "-", {"role": role, "units": [*units], "of": [*villages]})
    return token


def end_token(store: Store, name: str) -> None:
    """Make a token worthless."""
    tokens.revoke(store, name)
    _note(store, "token_revoke", name)


def pair_screen(
    store: Store,
    code: str,
    name: str,
    profile: str = "",
    output: int | None = None,
    scenes: Sequence[str] = (),
    addresses: Sequence[str] = (),
) -> Device:
    """Make the browser that shows this code a screen of the wall."""
    _demand_shape(profile, output, scenes)
    _demand_addresses(addresses)
    by = caller.current().name
    made = pairing.approve(store, code, name, by, profile, output, scenes, addresses)
    told = {"profile": profile, "output": output, "scenes": [*scenes], "addresses": [*addresses]}
    _note(store, "screen_pair", made.name, {key: value for key, value in told.items() if value})
    return made


def end_screen(store: Store, name: str) -> None:
    """Withdraw a screen of the wall; its windows end within seconds."""
    devices.revoke(store, name)
    _note(store, "screen_revoke", name)


def _demand_shape(profile: str, output: int | None, scenes: Sequence[str]) -> None:
    profiles = load_profiles()
    if profile and profile not in profiles:
        raise NotAllowed(profile, "is no wall profile", ", ".join(profiles))
    if output is not None:
        most = len(profiles[profile].outputs) if profile else 0
        if not 1 <= output <= most:
            allowed = f"1 to {most}" if most else "none: only a profile of several outputs has them"
            raise NotAllowed(str(output), "is no output of this profile", allowed)
    for scene in scenes:
        if scene not in scene_names():
            raise NotAllowed(scene, "is no scene", ", ".join(scene_names()))


def _demand_addresses(addresses: Sequence[str]) -> None:
    for each in addresses:
        try:
            ip_address(each)
        except ValueError:
            raise NotAllowed(each, "is no address", "IPv4 or IPv6, such as 10.0.0.9") from None


def _demand_other(name: str, what: str) -> None:
    """Nobody locks the last door behind oneself, nor lifts oneself up."""
    who = caller.current()
    if who.session is not None and who.name == name:
        raise NotAllowed(name, f"cannot {what}", "another administrator")


def _right(user: users.User) -> dict[str, Any]:
    return {"role": user.role, "units": [*user.units], "villages": [*user.villages]}


def _note(store: Store, event: str, subject: str, detail: dict[str, Any] | None = None) -> None:
    who = caller.current()
    entry = audit.Entry(event, subject, who.name, who.role, who.address, "ok", detail)
    audit.record(store, entry)
