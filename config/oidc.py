"""The site's own identity provider (统一身份认证, OIDC), if any: block [oidc] of site.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from config.environment import environment, read_toml, secret
from config.errors import ConfigError

SECRET = "HONGLAN_OIDC_SECRET"  # noqa: S105 - the variable's name, not what it holds
_ISSUER = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_KEYS = ("issuer", "client_id", "label", "claim")


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom to ask, as whom, under which label, and which claim holds the name of an account."""

    issuer: str
    client_id: str
    label: str = "统一身份认证"
    claim: str = "preferred_username"

    @property
    def origin(self) -> str:
        """Scheme, name and port of the issuer: nothing is fetched from anywhere else."""
        return "/".join(self.issuer.split("/")[:3])


def load_provider() -> Provider | None:
    """The provider as site.toml says, or None without one; ConfigError names the wrong key."""
    folder = environment().config
    return _load(folder, (folder / "site.toml").stat().st_mtime_ns)


def client_secret() -> str:
    """The secret of this client, by variable or from its 0600 file; never from site.toml."""
    return secret(SECRET)


@lru_cache(maxsize=4)
def _load(folder: Path, _stamp: int) -> Provider | None:
    file = folder / "site.toml"
    block = read_toml(file).get("oidc")
    return None if block is None else parse(file, block)


def parse(file: Path, block: Any) -> Provider:
    """The block as a provider; ConfigError names the key that is missing, wrong or unknown."""
    if not isinstance(block, Mapping):
        raise ConfigError(file, "oidc", block, "a block [oidc] with issuer and client_id")
    for key, said in block.items():
        if key not in _KEYS:
            hint = f"one of {', '.join(_KEYS)}; the secret by variable or file {SECRET}"
            raise ConfigError(file, f"oidc.{key}", "…", hint)
        if not isinstance(said, str) or not 0 < len(said) <= 200:
            raise ConfigError(file, f"oidc.{key}", said, "1 to 200 characters")
    issuer = block.get("issuer", "")
    if not _ISSUER.fullmatch(issuer) and not _LOOPBACK.fullmatch(issuer):
        raise ConfigError(
            file,
            "oidc.issuer",
            issuer,
            'an address such as "https://id.example/realm" (http only on this machine)',
        )
    if "client_id" not in block:
        raise ConfigError(file, "oidc.client_id", None, "the name this system has at the provider")
    return Provider(**block)
