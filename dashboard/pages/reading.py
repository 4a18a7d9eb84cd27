"""What a page reads: one pinned generation, the address's filters, the state of the platforms."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from config import clock, periods
from config.periods import Period
from dashboard.pages import first_load, frame
from dashboard.pages.doors import Doors
from dashboard.pages.state import Resolved, State
from dashboard.pages.watched import noted, to_the_minute
from warehouse.errors import GenerationGone, QueryFailed, QueryStopped, WarehouseError
from warehouse.read import MetricAnswer, MetricQuery, Point, Rows

log = structlog.get_logger()
_NAMES = {"class": "class_path"}
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Glass:
    """Everything a page looks through: all its figures come from one generation."""

    data: Any
    state: State
    want: Resolved
    generation: Any
    at: datetime  # the moment of the look; `now` for who tells it in words
    platforms: Mapping[str, Any] = field(default_factory=dict)
    loading: Mapping[str, Any] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)
    for_many: bool = False  # times of data are written when the page is given to each one

    @property
    def now(self) -> datetime:
        """The moment that a page's words are told from: true for a minute."""
        return to_the_minute(self.at)

    @property
    def today(self) -> date:
        """The day of the look; with the next one every page is drawn anew."""
        return self.at.date()

    @property
    def doors(self) -> Doors:
        """Addresses of proofs within this page's filters."""
        return Doors(self.state, self.generation.number, self.want.filters)

    def ask(self, first: date, last: date, by: str | None = None, **over: Any) -> MetricQuery:
        """A metric query with the page's filters and the given ones over them."""
        filters: dict[str, Any] = {**self.want.filters, **over}
        level = filters.pop("level", None)
        chosen = {_NAMES.get(name, name): value for name, value in filters.items() if value}
        return MetricQuery(first=first, last=last, by=by, level=level, **chosen)

    def metric(
        self, metric_id: str, first: date, last: date, by: str | None = None, **over: Any
    ) -> MetricAnswer:
        """The answer of a metric over some days."""
        query = self.ask(first, last, by, **over)
        number = self.generation.number
        answer: MetricAnswer = self.once(
            ("metric", metric_id, query),
            lambda: self.data.reader.metric(metric_id, query, generation=number),
        )
        return answer

    def now_of(self, metric_id: str, by: str | None = None, **over: Any) -> MetricAnswer:
        """The answer over the days of the page's period."""
        return self.metric(metric_id, self.want.span.first, self.want.span.last, by, **over)

    def before(
        self, metric_id: str, period: Period, last: date | None = None, **over: Any
    ) -> tuple[MetricAnswer, datetime]:
        """A metric over the days of a comparison, and the moment as of which they are counted.

        Cases by acceptance go on being closed: those of the comparison count as they stood at the
        age that the days up to `last`, the page's by default, have now.
        """
        span = self.want.span
        last = last or span.last
        seen = self.seen(self.metric(metric_id, min(span.first, last), last, **over))
        known_by = periods.same_age(last, seen, period)
        found = self.metric(metric_id, period.first, period.last, known_by=known_by, **over)
        return found, known_by

    def seen(self, answer: MetricAnswer) -> datetime:
        """The moment an answer tells of: as of its data, which may not lie ahead."""
        as_of = answer.as_of
        return as_of if as_of is not None and as_of <= self.at else self.now

    def rows(self, metric_id: str, first: date, last: date, **options: Any) -> Rows:
        """The rows behind a metric, in their masked form."""
        over = options.pop("over", {})
        query = self.ask(first, last, **over)
        number = self.generation.number
        found: Rows = self.once(
            ("rows", metric_id, query, *sorted(options.items())),
            lambda: self.data.reader.rows(metric_id, query, generation=number, **options),
        )
        return found

    def query(self, name: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a named query."""
        number = self.generation.number
        rows: list[dict[str, Any]] = self.once(
            ("query", name, *sorted(params.items())),
            lambda: self.data.reader.query(name, params, generation=number).to_pylist(),
        )
        return rows

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """Several panels of one page ask the same; the question is put once."""
        if key not in self.known:
            self.known[key] = ask()
        return self.known[key]

    @property
    def is_past(self) -> bool:
        """Whether the stocks of the period are those of a day that is over."""
        return self.want.span.last < self.today

    @property
    def moment(self) -> datetime:
        """The moment stocks of the period are looked at: now, or the end of its last day."""
        return self.stock_at if self.is_past else self.now

    @property
    def stock_at(self) -> datetime:
        """The same for who says himself how long it holds (`watched.until`)."""
        end = datetime.combine(self.want.span.last, time.max).replace(microsecond=0)
        return min(self.at, end)

    @property
    def delivered(self) -> frozenset[str]:
        """The platforms whose data this generation holds, in full at least once."""
        return frozenset(
            source.platform
            for source in self.generation.sources
            if source.own
            and source.last_success_at is not None
            and (state := self.platforms.get(source.platform)) is not None
            and state.last_success is not None
        )

    def shows(self, keys: Iterable[str]) -> bool:
        """Whether there is something to show of one of these platforms, or of an imported set."""
        return "source" in self.want.filters or not self.delivered.isdisjoint(keys)

    def feed(self, *keys: str) -> frame.Feed | None:
        """The platforms behind a panel as one; None when a site has none of them."""
        if "source" in self.want.filters:
            return None  # an imported set has no cadence
        return feed_of(self.platforms, keys, self.at, for_many=self.for_many)

    def panel(
        self, area: str, title: Any, make: Callable[[], Any], keys: Iterable[str] = (), **head: Any
    ) -> Any:
        """One panel; when its question fails this panel alone says so, the others stand.

        What stands in the head may be a question too (`heading`, `basis`, `aside` as callables);
        one that fails is left out.
        """
        feed = self.feed(*keys) if keys else None
        heading = self.tried(head.pop("heading", None))
        told = {name: self.tried(part) for name, part in head.items()}
        missing = [key for key in keys if not self.shows([key])]
        try:
            body = make() if not missing else waiting(self, missing)
        except GenerationGone:
            raise
        except WarehouseError as error:
            number = fault_number(error)
            log.warning(
                "panel_failed", area=area, page=self.state.path, number=number, why=str(error)
            )
            body = frame.broken(cause(error), number, self.state.href)
        except Exception as error:  # noqa: BLE001 - a fault in one panel takes no page
            body = unexpected(self, area, error)
        return frame.panel(heading or title, body, area=area, feed=feed, **told)

    def tried(self, part: Any) -> Any:
        """A part as it is, or what its question answers; None when the question fails."""
        if not callable(part):
            return part
        try:
            return part()
        except WarehouseError as error:
            noted(error)
            log.warning("head_failed", page=self.state.path, why=str(error))
            return None


def feed_of(
    platforms: Mapping[str, Any], keys: Iterable[str], now: datetime, *, for_many: bool = False
) -> frame.Feed | None:
    """Some platforms as one; None when a site has none of them."""
    keys = tuple(keys)
    states = [platforms[key] for key in keys if key in platforms]
    if not states:
        return None
    times = [naive(state.last_success) for state in states]
    known = [time for time in times if time is not None]
    worst = max(states, key=lambda s: s.age_s if s.age_s is not None else float("inf"))
    limit = None if worst.limit_s is None else timedelta(seconds=worst.limit_s)
    return frame.Feed(
        names=tuple(state.short for state in states),
        last=min(known) if len(known) == len(times) else None,
        limit=limit,
        now=now,
        stale=any(state.state in ("stale", "failed") for state in states),
        late=any(state.state == "late" for state in states),
        given=keys if for_many else (),
    )


def unexpected(glass: Glass, area: str, error: Exception) -> Any:
    """What stands in a panel that our own program could not draw; the log holds where it failed."""
    number = fault_number(error)
    log.error("panel_faulty", area=area, page=glass.state.path, number=number, exc_info=error)
    return frame.broken("程序出错，请把编号告诉管理员。", number, glass.state.href)


def waiting(glass: Glass, missing: Iterable[str]) -> Any:
    """What stands in a panel whose platform has not delivered into this generation yet."""
    loads = [glass.loading[key] for key in missing if key in glass.loading]
    names = [glass.platforms[key].short for key in missing if key in glass.platforms]
    return first_load.part(loads, names)


def cause(error: WarehouseError) -> str:
    """Why something was not read and what to do about it, in plain words."""
    if isinstance(error, QueryStopped):
        return f"要算的太多，{error.seconds:g} 秒没算完，已停下。请缩短时段或加上筛选。"
    return "查询被中止。" if isinstance(error, QueryFailed) else "数据没有取到。"


def fault_number(error: Exception) -> str:
    """A short number by which the engineer finds the fault in the log."""
    noted(error)
    return f"E-{zlib.crc32(repr(error).encode()) & 0xFFFF:04X}"


def naive(moment: datetime | None) -> datetime | None:
    """A moment as naive local time of Asia/Shanghai."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(clock.ZONE).replace(tzinfo=None)


def pair_of(point: MetricAnswer | Point | None) -> Pair:
    """Numerator and denominator as numbers; nothing counts as 0."""
    if point is None:
        return 0, 0
    return point.numerator or 0, point.denominator or 0


def by_key(points: Iterable[Point]) -> dict[str, Point]:
    """The points of a series by their key."""
    return {str(point.key): point for point in points}
