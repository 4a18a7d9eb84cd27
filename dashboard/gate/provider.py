"""Asks the site's identity provider: what it offers, its keys, and a code for a token.

The one place of the web side that asks another machine. Only the configured issuer's own origin
is asked, no redirect is followed, no proxy of the environment is used; bytes and time are bounded.
"""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx

from config.oidc import Provider
from dashboard.gate.id_token import NotBelieved

_DEADLINE_S: Final = 8.0
_SILENCE_S: Final = 4.0
_MOST_BYTES: Final = 256 << 10
_REFUSED = range(400, 500)


class Away(Exception):
    """The provider cannot be reached, or does not answer as one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The addresses of the provider's discovery document."""

    authorization: str
    token: str
    keys: str


@dataclass(frozen=True, slots=True)
class Asking:
    """One client of one provider."""

    provider: Provider
    secret: str

    def offer(self) -> Offer:
        """The discovery document, asked each time: what the provider changes counts at once."""
        issuer = self.provider.issuer
        said = self._ask("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise Away(f"discovery: issuer is {said.get('issuer')!r}, configured is {issuer!r}")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return Offer(*(self._own(name, said.get(name)) for name in names))

    def keys(self, offer: Offer) -> dict[str, Any]:
        """The provider's public keys as they are now."""
        return self._ask("GET", offer.keys)

    def id_token(self, offer: Offer, code: str, verifier: str, back: str) -> str:
        """The ID token for a code; NotBelieved where the provider refuses the code."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        found = self._ask("POST", offer.token, fields).get("id_token")
        if not isinstance(found, str):
            raise NotBelieved("token: the answer holds no id_token")
        return found

    def _own(self, name: str, address: object) -> str:
        if not isinstance(address, str) or not address.startswith(self.provider.origin + "/"):
            raise Away(f"discovery: {name} is {address!r}, not below {self.provider.origin}")
        return address

    def _ask(self, method: str, url: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
        # RFC 6749, 2.3.1: both are form-encoded before they become a user and a password
        pair = (quote(self.provider.client_id, safe=""), quote(self.secret, safe=""))
        ends = time.monotonic() + _DEADLINE_S
        body = bytearray()
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        try:
            with (
                httpx.Client(
                    verify=ssl.create_default_context(), timeout=_SILENCE_S, trust_env=False
                ) as client,
                client.stream(
                    method, url, data=fields, headers=headers, auth=pair if fields else None
                ) as reply,
            ):
                for piece in reply.iter_raw():
                    body += piece
                    if len(body) > _MOST_BYTES or time.monotonic() > ends:
                        raise Away(f"{url}: more than {_MOST_BYTES} bytes or {_DEADLINE_S} s")
                status = reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise Away(f"{url}: {error or type(error).__name__}") from error
        if fields and status in _REFUSED:
            raise NotBelieved(f"token: the provider answered {status}")
        if status != httpx.codes.OK:
            raise Away(f"{url}: answered {status}")
        try:
            said = json.loads(body)
        except ValueError:
            raise Away(f"{url}: the answer is no JSON") from None
        if not isinstance(said, dict):
            raise Away(f"{url}: the answer is no JSON object")
        return said
