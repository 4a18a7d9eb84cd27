"""How a platform turns pages: by number, by offset, by a token it gave, by an address it gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from cases.faults import Fault
from etl.errors import EtlError, Refused
from etl.formats.cell import dig, text
from etl.transports.bounded import Reply

KINDS: Final = ("number", "offset", "cursor", "link", "none")
_LINK = re.compile(
    r"<([^>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\*?(?:\s*=\s*(?:\"[^\"]*\"|[^\s,;\"]+))?)*)"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)


class Spot(NamedTuple):
    """Where in the answer we are: pages and records before, and what the platform told."""

    page: int = 0
    seen: int = 0
    token: str = ""
    url: str = ""


class Paging:
    """The way of one platform."""

    def __init__(self, key: str, options: Mapping[str, Any]) -> None:
        self._key = key
        self._options = options
        self._kind = options["page"]

    @property
    def is_told(self) -> bool:
        """Whether only the platform knows what comes next: a walk that cannot be begun midway."""
        return self._kind in ("cursor", "link")

    def params(self, spot: Spot) -> dict[str, Any]:
        """What to ask for at a spot; at an address that the platform gave, nothing more."""
        options = self._options
        if self._kind == "none":
            return {}
        said: dict[str, Any] = {}
        if self._kind == "number":
            said[options["page_param"]] = spot.page + options["first_page"]
        elif self._kind == "offset":
            said[options["page_param"]] = spot.seen
        elif self._kind == "cursor" and spot.token:
            said[options["page_param"]] = spot.token
        if options["size_param"]:
            said[options["size_param"]] = options["size"]
        return said

    def after(
        self, spot: Spot, reply: Reply, answer: Any, got: int, total: int | None
    ) -> Spot | None:
        """The next spot; None when that was all. Refused when the platform points elsewhere."""
        seen = spot.seen + got
        if self._kind == "none":
            return None
        if self._kind == "cursor":
            token = self._told(answer, self._options["next"])
            return Spot(spot.page + 1, seen, token) if token and self._goes_on(answer) else None
        if self._kind == "link":
            base = spot.url or self._options["url"]
            if self._options["next"]:
                url = self._told(answer, self._options["next"])
            else:
                url = next(_next_links(reply.links), "")
            return Spot(spot.page + 1, seen, url=self._near(base, url)) if url else None
        more = seen < total if total is not None else got >= self._options["size"]
        return Spot(spot.page + 1, seen) if more and got else None

    def _told(self, answer: Any, path: str) -> str:
        try:
            return text(dig(self._key, answer, path)) or ""
        except EtlError:
            return ""  # most leave it out on the last page

    def _goes_on(self, answer: Any) -> bool:
        path = self._options["more"]
        return not path or self._told(answer, path).lower() not in ("", "false", "0")

    def _near(self, base: str, url: str) -> str:
        """The address, when it lies on the same host: our token must not travel to another."""
        whole = urljoin(base, url)
        here, there = urlsplit(self._options["url"]), urlsplit(whole)
        if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
            where = f"{there.scheme}://{there.netloc}"[:100]
            raise Refused(
                self._key, f"the next page lies on another host ({where})", fault=Fault.ADDRESS
            )
        return whole


def split(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """An address without its parameters, and these."""
    parts = urlsplit(url)
    bare = parts._replace(query="", fragment="").geturl()
    return bare, tuple(parse_qsl(parts.query, keep_blank_values=True))


def unusable(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting about pages that cannot be used, and what is allowed."""
    kind = options["page"]
    if kind not in KINDS:
        yield "page", " | ".join(KINDS)
    if not _is_whole(options["size"], 1, 10_000):
        yield "size", "1 to 10000"
    if not _is_whole(options["first_page"], 0, 1):
        yield "first_page", "0 or 1"
    if kind == "cursor" and not options["next"]:
        yield "next", "where the answer says what comes next, since page is cursor"
    if kind == "link" and options["method"] != "GET":
        yield "page", "number | offset | cursor, since method is POST"


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _next_links(headers: tuple[str, ...]) -> Iterator[str]:
    """The targets of the links with the relation next (RFC 8288), in order."""
    for target, params in (match.groups() for each in headers for match in _LINK.finditer(each)):
        rel = _REL.search(params)
        if rel and "next" in (rel.group(1) or rel.group(2) or "").lower().split():
            yield target
