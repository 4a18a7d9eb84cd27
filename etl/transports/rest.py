"""Polled JSON over HTTP: pages, an envelope, who we are, a cursor by update time or version.

Records are asked for by "changed since"; after each page the question goes on from the update
time or version it reached, so that a record changing meanwhile pushes none over a page border.
Where a platform does not sort, or only itself knows its next page, the cursor moves at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from cases.faults import Fault
from config.platforms import Platform
from etl.errors import EtlError, Refused
from etl.formats.cell import dig, text
from etl.transports import rest_totals
from etl.transports.answer import Answer
from etl.transports.bounded import Ask, Reply
from etl.transports.caller import Caller, read
from etl.transports.rest_auth import auth
from etl.transports.rest_options import Question, question
from etl.transports.rest_paging import Paging, Spot, split
from etl.transports.rest_since import Mark, Reach, Since
from etl.transports.rest_totals import check_totals

__all__ = ["check", "check_totals", "poll", "totals"]

MAX_PAGES: Final = 20_000  # of one poll: more than a platform holds, less than for ever
_JSON = (("Content-Type", "application/json"),)


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    question(platform)


def poll(platform: Platform) -> Asking:
    """The platform, ready to be asked."""
    return Asking(question(platform))


def totals(platform: Platform, first: date, last: date) -> dict[date, int]:
    """The platform's own counts by day, both ends included; EtlError when it does not tell."""
    asking = Asking(question(rest_totals.asked(platform, first, last)))
    try:
        return rest_totals.counted(platform, asking.once())
    finally:
        asking.close()


class Asking:
    """Asks one platform, page by page, with one connection that is kept."""

    ext = "json"

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self._paging = Paging(asked.key, asked.options)
        self._since = Since(asked.options, asked.overlap)
        self._caller = Caller(
            asked.key,
            auth(asked.key, asked.options),
            ca=asked.ca,
            deadline_s=asked.timeout.total_seconds(),
        )

    def close(self) -> None:
        """Give the connection back."""
        self._caller.close()

    def once(self) -> list[Any]:
        """The records of one answer that has no pages."""
        asked = self.asked
        url, params = split(asked["url"])
        reply = self._caller.ask(Ask(url, (*params, *asked["params"].items())))
        return self._read(reply.body)[1]

    def pages(self, cursor: str | None, now: datetime) -> Iterator[Answer]:
        """All pages that are new since the cursor; EtlError when one cannot be had."""
        asked, since = self.asked, self._since.start(cursor)
        reach = Reach(now, waits=self._paging.is_told)
        spot, last, is_first, been = Spot(), b"", True, set[str]()
        for _ in range(MAX_PAGES):
            reply = self._ask(since, spot)
            if reply.body == last:
                raise Refused(
                    asked.key, f"page {spot.page} repeats the one before it", fault=Fault.PAGES
                )
            last = reply.body
            answer, records, total = self._read(reply.body)
            following = self._paging.after(spot, reply, answer, len(records), total)
            marks = self._since.marks(records)
            kept = reach.after(marks, len(records), more=following is not None)
            yield Answer(reply.body, kept, len(records), total if is_first else None)
            is_first = False
            if following is None:
                return
            told = following.token or following.url
            if told in been:
                raise Refused(
                    asked.key,
                    f"page {following.page} leads back to one before it",
                    fault=Fault.PAGES,
                )
            been |= {told} if told else set()
            spot = following
            if self._since.is_asked and reach.is_sorted and marks and marks[-1] > since:  # type: ignore[operator]
                since, spot, last = marks[-1], Spot(), b""
        raise Refused(
            asked.key, f"the answer does not end ({MAX_PAGES} pages were read)", fault=Fault.PAGES
        )

    def _ask(self, since: Mark, spot: Spot) -> Reply:
        asked = self.asked
        if spot.url:
            return self._caller.ask(Ask(*split(spot.url)))
        said = {**asked["params"], **self._paging.params(spot), **self._since.params(since)}
        if asked["method"] == "POST":
            body = json.dumps(said, ensure_ascii=False).encode()
            return self._caller.ask(Ask(asked["url"], (), _JSON, "POST", body))
        url, params = split(asked["url"])
        params += tuple((name, text(value) or "") for name, value in said.items())
        return self._caller.ask(Ask(url, params))

    def _read(self, payload: bytes) -> tuple[Any, list[Any], int | None]:
        """The answer whose envelope says that it is one, its records, and how many there are."""
        asked = self.asked
        answer = read(asked.key, payload)
        try:
            if asked["ok_field"]:
                said = text(dig(asked.key, answer, asked["ok_field"]))
                if said != text(asked["ok_value"]):
                    raise Refused(
                        asked.key,
                        f"the platform says {said}: {self._message(answer)}",
                        fault=Fault.SAYS_NO,
                    )
            path = asked["records"]
            records = answer if path == "$" else dig(asked.key, answer, path)
            total = text(dig(asked.key, answer, asked["total"])) if asked["total"] else None
        except Refused:
            raise
        except EtlError as error:
            raise Refused(asked.key, error.what, fault=error.fault) from None
        if not isinstance(records, list):
            raise Refused(
                asked.key, f"{asked['records']} of the answer is not a list", fault=Fault.ANSWER
            )
        return answer, records, int(total) if total and total.isdecimal() else None

    def _message(self, answer: Any) -> str:
        if not self.asked["message_field"]:
            return "no message"
        try:
            said = text(dig(self.asked.key, answer, self.asked["message_field"]))
        except EtlError:
            said = None
        return " ".join((said or "no message").split())[:200]
