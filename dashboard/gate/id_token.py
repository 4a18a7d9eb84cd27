"""What an identity provider's ID token says, once it is known to be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from config.oidc import Provider

ALGORITHMS = ("RS256", "ES256")  # public keys only: with HS256 whoever knows our secret could sign
LEEWAY_S = 60
_KINDS = ("RSA", "EC")


class NotBelieved(Exception):
    """An answer of the provider, or in its name, that proves nothing; says which part."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who logged in at the provider: its lasting name for the person, and the account's name."""

    subject: str
    name: str


def read(token: str, keys: Mapping[str, Any], provider: Provider, nonce: str) -> Said:
    """The person of a token that this provider signed for us and for this login."""
    try:
        decoded = jwt.decode(
            token,
            _public(keys),
            registry=JWSRegistry(algorithms=[*ALGORITHMS], strict_check_header=False),
        )
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": provider.client_id},
        )
        claims.validate(leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotBelieved(f"id_token: {str(error) or type(error).__name__}") from error
    subject, name = claims.get("sub"), claims.get(provider.claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotBelieved("id_token: sub is no text of 1 to 255 characters")
    return Said(subject, name.strip().lower()[:64] if isinstance(name, str) else "")


def _public(keys: Mapping[str, Any]) -> KeySet:
    """The keys that can sign, without secret ones and those for encryption."""
    given = keys.get("keys")
    wanted = [
        key
        for key in (given if isinstance(given, list) else [])
        if isinstance(key, dict) and key.get("kty") in _KINDS and key.get("use", "sig") == "sig"
    ]
    return KeySet.import_key_set({"keys": wanted})
