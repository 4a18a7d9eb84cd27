"""Small things sealed under a key file of this installation: AES-GCM, bound to what they are for.

While a key is being changed (`cases/rotation.py`) two are in use: everything is sealed under the
file that carries the name, and opens under that one, the next one or the one before.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.errors import VaultLocked
from config.environment import ensure_secret, environment

NONCE = 12
NEXT, OLD = ".next", ".old"


def seal(key_file: str, plain: bytes, purpose: bytes, key: bytes | None = None) -> bytes:
    """The sealed bytes; they open only with the same key file and for the same purpose."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key or key_of(key_file)).encrypt(nonce, plain, purpose)


def unseal(key_file: str, sealed: bytes, purpose: bytes) -> bytes:
    """What was sealed; VaultLocked names the key file that does not fit."""
    for name in (key_file, key_file + NEXT, key_file + OLD):
        if name == key_file or file_of(name).exists():
            plain = opened(key_of(name), sealed, purpose)
            if plain is not None:
                return plain
    raise VaultLocked(purpose.decode(errors="replace"), f"does not open with {key_file}")


def opened(key: bytes, sealed: bytes, purpose: bytes) -> bytes | None:
    """What was sealed under this very key; None when it was another one."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], purpose)
    except InvalidTag:
        return None


def key_of(name: str) -> bytes:
    """The 32 bytes of a key file; one that was changed is read anew."""
    try:
        stat = file_of(name).stat()
        stamp = (stat.st_ino, stat.st_mtime_ns)
    except FileNotFoundError:
        stamp = (0, 0)
    return _derived(name, str(environment().var), stamp)


def file_of(name: str) -> Path:
    """Where a key file lies."""
    return environment().var / "secrets" / name


@lru_cache(maxsize=16)
def _derived(name: str, _var: str, _stamp: tuple[int, int]) -> bytes:
    text = ensure_secret(name)
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    return raw if len(raw) == 32 else hashlib.sha256(text.encode()).digest()
