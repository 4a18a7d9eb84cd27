"""Which host names are ours, and whether a request comes from our own pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers

from config.environment import environment
from config.errors import ConfigError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?")
PROXY_FLAG = "HONGLAN_BEHIND_TLS_PROXY"
PUBLIC_HOST = "HONGLAN_PUBLIC_HOST"
PROXY_ADDRESSES = "HONGLAN_PROXY_ADDRESSES"


@dataclass(frozen=True)
class Origins:
    """The names this server answers to, and whether a proxy with TLS stands before it."""

    hosts: frozenset[str]
    behind_tls: bool
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})

    def is_ours(self, headers: Headers) -> bool:
        """Whether exactly one Host header names us: a foreign name bound to our address fails."""
        given = headers.getlist("host")
        match = _HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
        return match is not None and match["name"] in self.hosts

    def same_origin(self, headers: Headers) -> bool:
        """Whether a browser says that one of our own pages sent this; silence is a no.

        Under `Referrer-Policy: no-referrer` a form sends `Origin: null`, so that
        Sec-Fetch-Site, which pages cannot forge, decides there.
        """
        origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        if len(origins) > 1 or len(sites) > 1:
            return False
        origin = origins[0].lower() if origins else ""
        if sites:
            return sites[0] == "same-origin" and origin in ("", "null", self.own(headers))
        return origin == self.own(headers)

    def same_origin_socket(self, headers: Headers) -> bool:
        """Whether a socket is opened by one of our own pages; it always carries its origin."""
        origins = headers.getlist("origin")
        return len(origins) == 1 and origins[0].lower() == self.own(headers)

    def own(self, headers: Headers) -> str:
        """Our origin as the browser writes it."""
        scheme = "https" if self.behind_tls else "http"
        return f"{scheme}://{headers.get('host', '').lower()}"

    def address(self, headers: Headers, peer: str) -> str:
        """The visitor's address: the proxy's word for it only where it comes from the proxy."""
        is_proxy = self.behind_tls and peer in self.proxies
        forwarded = headers.get("x-forwarded-for", "") if is_proxy else ""
        return forwarded.rsplit(",", 1)[-1].strip()[:64] or peer


def from_environment() -> Origins:
    """The hosts of this installation; ConfigError where plain HTTP would leave the machine."""
    host = environment().host.lower()
    behind_tls = os.environ.get(PROXY_FLAG, "") == "1"
    if not behind_tls and _bracketed(host) not in LOOPBACK:
        raise ConfigError(
            "environment",
            "HONGLAN_HOST",
            host,
            f"127.0.0.1 (plain HTTP stays on this machine), or {PROXY_FLAG}=1 behind the shipped"
            " proxy with TLS",
        )
    public = os.environ.get(PUBLIC_HOST, "").lower().replace(",", " ").split()
    proxies = os.environ.get(PROXY_ADDRESSES, "127.0.0.1 ::1").replace(",", " ").split()
    return Origins(_names([host, *public]), behind_tls, frozenset(proxies))


def _names(given: Iterable[str]) -> frozenset[str]:
    named = {_bracketed(name) for name in given if name not in ("0.0.0.0", "::")}  # noqa: S104
    return LOOPBACK | named


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
