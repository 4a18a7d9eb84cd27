"""Who we say we are: nothing, a fixed header, a signature, a token that is fetched and expires."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode, urlsplit

from cases.faults import Fault
from config import signature
from config.environment import secret
from etl.errors import EtlError, Refused, Retryable, Unaccepted
from etl.formats.cell import dig, load_json, text
from etl.transports.bounded import Ask, Reply

Fetch = Callable[[Ask], Reply]
ALLOWED: Final = "none | bearer | header:<Name> | hmac | oauth2"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UNTOLD_S: Final = 300.0  # how long a token is kept whose platform does not say how long it lives
_EARLY_S: Final = 60.0
HEADERS: Final[Mapping[str, str]] = {
    "key": signature.KEY,
    "time": signature.TIME,
    "nonce": signature.NONCE,
    "signature": signature.SIGNATURE,
}


class Auth(Protocol):
    """Puts our name under a question."""

    def sign(self, ask: Ask, fetch: Fetch) -> Ask:
        """The question with what shows who asks; `fetch` gets a token where one is needed."""

    def renew(self) -> bool:
        """The platform did not accept us: True when another try with a fresh token makes sense."""


class Fixed:
    """The same header every time, or none; the secret is read anew, so that it may be changed."""

    def __init__(self, name: str = "", token_env: str = "", before: str = "") -> None:
        self._name, self._token_env, self._before = name, token_env, before

    def sign(self, ask: Ask, fetch: Fetch) -> Ask:
        """With the token."""
        if not self._name:
            return ask
        return ask.having({self._name: self._before + secret(self._token_env)})

    def renew(self) -> bool:
        """There is only this token."""
        return False


class Signed:
    """A signature over the whole question, so that nobody on the way can change or repeat it."""

    def __init__(self, key_id: str, token_env: str, names: Mapping[str, str]) -> None:
        self._key_id, self._token_env = key_id, token_env
        self._names = {**HEADERS, **names}

    def sign(self, ask: Ask, fetch: Fetch) -> Ask:
        """With key id, time, nonce and signature."""
        at, nonce = signature.stamp()
        path = urlsplit(ask.url).path or "/"
        said = signature.question(ask.method, path, ask.params, at, nonce, ask.body)
        made = signature.sign(secret(self._token_env), said)
        values = {"key": self._key_id, "time": at, "nonce": nonce, "signature": made}
        return ask.having({self._names[each]: value for each, value in values.items()})

    def renew(self) -> bool:
        """A second signature would be no better."""
        return False


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a token kept until shortly before its end."""

    def __init__(self, key: str, options: Mapping[str, Any]) -> None:
        self._key = key
        self._options = options
        self._token = ""
        self._until = 0.0

    def sign(self, ask: Ask, fetch: Fetch) -> Ask:
        """With the token, fetched first when there is none that is still good."""
        if not self._token or time.monotonic() >= self._until:
            self._token, lives_s = self._fetched(fetch)
            self._until = time.monotonic() + max(lives_s - min(_EARLY_S, lives_s / 2), 0.0)
        return ask.having({"Authorization": f"Bearer {self._token}"})

    def renew(self) -> bool:
        """Once: a token may have been withdrawn before its time."""
        had, self._token = bool(self._token), ""
        return had

    def _fetched(self, fetch: Fetch) -> tuple[str, float]:
        options = self._options
        client, word = options["client_id"], secret(options["token_env"])
        form = {"grant_type": "client_credentials"}
        headers = dict(_FORM)
        if options["scope"]:
            form["scope"] = options["scope"]
        if options["client_in"] == "body":
            form |= {"client_id": client, "client_secret": word}
        else:
            pair = f"{quote(client, safe='')}:{quote(word, safe='')}"  # as 2.3.1 asks for
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        ask = Ask(options["token_url"], (), (*headers.items(),), "POST", urlencode(form).encode())
        try:
            answer = load_json(self._key, fetch(ask).body)
            token = text(dig(self._key, answer, "access_token"))
            lives = text(answer.get("expires_in"))
        except Unaccepted:
            raise Refused(
                self._key, "the token address does not accept our client id", fault=Fault.UNACCEPTED
            ) from None
        except Retryable as error:
            raise Retryable(
                self._key, f"no token was given: {error.what}", error.after, fault=error.fault
            ) from None
        except EtlError as error:
            raise Refused(
                self._key, f"no token was given: {error.what}", fault=error.fault
            ) from None
        if not token:
            raise Refused(
                self._key, "no token was given: access_token is empty", fault=Fault.ANSWER
            )
        return token, float(lives) if lives and lives.isdecimal() else _UNTOLD_S


def auth(key: str, options: Mapping[str, Any]) -> Auth:
    """How a platform wants to know who asks."""
    kind = str(options["auth"])
    if kind == "none":
        return Fixed()
    if kind == "bearer":
        return Fixed("Authorization", options["token_env"], "Bearer ")
    if kind == "hmac":
        return Signed(options["key_id"], options["token_env"], options["sign_headers"])
    if kind == "oauth2":
        return ClientCredentials(key, options)
    return Fixed(kind.removeprefix("header:"), options["token_env"])


def unusable(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting about who we are that cannot be used, and what is allowed."""
    kind = str(options["auth"])
    is_header = (
        kind.startswith("header:") and kind.removeprefix("header:").replace("-", "").isalnum()
    )
    if kind not in ("none", "bearer", "hmac", "oauth2") and not is_header:
        yield "auth", ALLOWED
    if kind != "none" and not options["token_env"]:
        yield "token_env", "the name of the variable that holds the token"
    if kind == "hmac":
        if not options["key_id"]:
            yield "key_id", "the key id the platform gave, since auth is hmac"
        names = options["sign_headers"]
        if not isinstance(names, dict) or not set(names) <= set(HEADERS):
            yield "sign_headers", "{ " + ", ".join(f'{name} = "…"' for name in HEADERS) + " }"
    if kind == "oauth2":
        if urlsplit(str(options["token_url"])).scheme not in ("http", "https"):
            yield "token_url", "an address that begins with http:// or https://"
        if not options["client_id"]:
            yield "client_id", "the client id the platform gave, since auth is oauth2"
        if options["client_in"] not in ("basic", "body"):
            yield "client_in", "basic | body"
