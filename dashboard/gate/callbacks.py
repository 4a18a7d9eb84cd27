"""Which callback of a Dash app may be called by whom, and what a call must look like.

All callbacks of an app share one address and one socket, so the id inside the message decides.
The form of a call is held against the callback's declaration before Dash sees it; the values in
it are the callback's own to check.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any

from dash._utils import split_callback_id

from dashboard.gate.caller import Caller
from dashboard.gate.refusal import Refused

PERSISTENT = "*persistent"  # the one callback without output and input: its id is a file and line
_MOST_CHANGED = 2_000
_WILDCARDS = ('["ALL"]', '["ALLSMALLER"]', '["MATCH"]')


class CallbackBook:
    """The callbacks of one Dash app with the roles that may call each."""

    def __init__(self, callback_map: Mapping[str, Any], roles: Mapping[str, Set[str]]) -> None:
        # what runs in the browser alone has no function here and can never be called
        self._declared = {key: spec for key, spec in callback_map.items() if "callback" in spec}
        persistent = {key for key, spec in self._declared.items() if is_persistent(spec)}
        self.roles: dict[str, Set[str]] = {}
        self.orphans: set[str] = set()  # rules without a callback
        for name, allowed in roles.items():
            keys = persistent if name == PERSISTENT else {name} & set(self._declared)
            if not keys:
                self.orphans.add(name)
            for key in keys:
                self.roles[key] = allowed

    @property
    def without_rule(self) -> set[str]:
        """Callbacks that nobody may call since no rule names them."""
        return set(self._declared) - set(self.roles)

    @property
    def uses_socket(self) -> bool:
        """Whether any callback comes over the socket."""
        return any(spec.get("websocket") for spec in self._declared.values())

    def check_post(self, body: bytes, caller: Caller) -> None:
        """Refused unless the body is a well-formed call of a callback this caller may use."""
        try:
            call = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "回调内容不是 JSON") from None
        self._check(call, caller, socket=False)

    def check_message(self, message: str, caller: Caller) -> None:
        """Refused unless a socket message is one the renderer sends and the caller may send."""
        try:
            given = json.loads(message)
        except (ValueError, RecursionError):
            raise Refused(400) from None
        if not isinstance(given, dict):
            raise Refused(400)
        kind = given.get("type")
        if kind == "heartbeat":
            return
        if not _is_text(given.get("requestId")) or not _is_text(given.get("rendererId", "")):
            raise Refused(400)
        if kind == "callback_request":
            self._check(given.get("payload"), caller, socket=True)
        elif kind != "get_props_response" or not isinstance(given.get("payload"), dict | None):
            raise Refused(400)

    def _check(self, call: object, caller: Caller, *, socket: bool) -> None:
        if not isinstance(call, dict) or not isinstance(call.get("output"), str):
            raise Refused(400, "回调内容不完整")
        name = call["output"]
        if caller.role not in self.roles.get(name, ()) or caller.is_program:
            raise Refused(403)
        spec = self._declared[name]
        if socket != bool(spec.get("websocket")):
            raise Refused(403)
        well_formed = (
            _fits(call.get("inputs", []), spec["inputs"])
            and _fits(call.get("state") or [], spec["state"])
            and _changed_fits(call.get("changedPropIds", []))
            and (bool(spec.get("no_output")) or _outputs_fit(call.get("outputs"), name))
        )
        if not well_formed:
            raise Refused(400, "回调内容与声明不符")


def is_persistent(spec: Mapping[str, Any]) -> bool:
    """Whether this is a callback without output and input, which runs as long as its window."""
    return bool(spec.get("no_output")) and not spec["inputs"]


def _fits(given: object, declared: list[dict[str, str]]) -> bool:
    """Whether inputs or states are those that were declared, in their order."""
    return (
        isinstance(given, list)
        and len(given) == len(declared)
        and all(_entry_fits(*pair) for pair in zip(given, declared, strict=True))
    )


def _entry_fits(given: object, declared: dict[str, str]) -> bool:
    identity, prop = declared["id"], declared["property"]
    if _is_wildcard(identity):
        entries = given if isinstance(given, list) else [given]
        keys = set(json.loads(identity))
        return all(
            isinstance(entry, dict)
            and isinstance(entry.get("id"), dict)
            and set(entry["id"]) == keys
            and all(isinstance(value, str | int | float) for value in entry["id"].values())
            and entry.get("property") == prop
            for entry in entries
        )
    return (
        isinstance(given, dict)
        and _written(given.get("id")) == identity
        and given.get("property") == prop
    )


def _outputs_fit(given: object, name: str) -> bool:
    split = split_callback_id(name)  # type: ignore[no-untyped-call]
    declared = split if isinstance(split, list) else [split]
    entries = given if isinstance(given, list) and isinstance(split, list) else [given]
    return len(entries) == len(declared) and all(
        _output_fits(*pair) for pair in zip(entries, declared, strict=True)
    )


def _output_fits(given: object, declared: dict[str, str]) -> bool:
    """Whether an output is the declared one; only the declaration marks duplicates with an @."""
    plain = {"id": declared["id"], "property": _unmarked(declared["property"])}
    if isinstance(given, list):
        return all(isinstance(entry, dict) for entry in given) and _entry_fits(
            [_with_plain_property(entry) for entry in given], plain
        )
    return isinstance(given, dict) and _entry_fits(_with_plain_property(given), plain)


def _with_plain_property(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"property": _unmarked(entry.get("property"))}


def _unmarked(prop: object) -> str:
    return str(prop).partition("@")[0]


def _changed_fits(given: object) -> bool:
    return (
        isinstance(given, list)
        and len(given) <= _MOST_CHANGED
        and all(isinstance(entry, str) and "." in entry for entry in given)
    )


def _is_wildcard(identity: str) -> bool:
    return identity.startswith("{") and any(mark in identity for mark in _WILDCARDS)


def _written(identity: object) -> object:
    """An id as Dash writes it in its declarations: a dictionary as sorted, tight JSON."""
    if isinstance(identity, dict):
        return json.dumps(identity, sort_keys=True, separators=(",", ":"))
    return identity


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200
