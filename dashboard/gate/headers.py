"""What every response carries, errors included."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import Message

FOREVER = "public, max-age=31536000, immutable"
_FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def content_policy(script_hashes: Sequence[str] = (), pictures: Sequence[str] = ()) -> str:
    """The content security policy: only the named inline scripts run, nothing is evaluated, and
    pictures come from nowhere else but the named servers of the site's own (its map tiles).
    """
    scripts = " ".join(["'self'", *script_hashes])
    images = " ".join(["'self' data: blob:", *pictures])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        f"img-src {images}; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; "
        "form-action 'self'"
    )


def secure(message: Message, policy: str, *, cache: str | None, tls: bool) -> None:
    """Put the security headers on a response that is about to start."""
    headers = MutableHeaders(scope=message)
    for name, value in _FIXED.items():
        headers[name] = value
    headers["content-security-policy"] = policy
    if tls:
        headers["strict-transport-security"] = "max-age=31536000"
    good = message["status"] in (200, 304)
    if cache and good:
        headers["cache-control"] = cache
    elif "cache-control" not in headers or not good:
        headers["cache-control"] = "no-store"
    for name in ("server", "x-powered-by"):
        if name in headers:
            del headers[name]
