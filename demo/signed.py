"""Who may ask an interface that wants its questions signed: with the right secret, and once."""

from __future__ import annotations

from collections import OrderedDict

from starlette.requests import Request

from config import signature

REMEMBERED = 10_000


class Signatures:
    """Checks the questions of one caller."""

    def __init__(self, key_id: str, secret: str) -> None:
        self._key_id, self._secret = key_id, secret
        self._seen: OrderedDict[str, None] = OrderedDict()

    def allowed(self, request: Request) -> bool:
        """Whether a question without a body is signed by the caller and was not asked before."""
        said = request.headers.get
        at, nonce = said(signature.TIME, ""), said(signature.NONCE, "")
        if said(signature.KEY) != self._key_id or not signature.is_current(at):
            return False
        query = request.query_params.multi_items()
        text = signature.question(request.method, request.url.path, query, at, nonce, b"")
        if not signature.agrees(self._secret, text, said(signature.SIGNATURE, "")):
            return False
        if not nonce or nonce in self._seen:
            return False
        self._seen[nonce] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True
