"""The mediation centre's year: cases of both lines with every step, calibrated to the public pair.

January to September of every year from `Town.calibrated_from` on: the centre accepts 90 and has
closed 65, the units 143 and 139, cases merged or withdrawn not counted. What is open at the end
of September stays open until October of the next year; what is accepted in October to December is
closed in such a quarter too. So in January to September only cases of that very period close.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from config.site import Site, load_site
from demo import disputes, office, people
from demo.town import Town

CENTRE, UNIT = "中心牵头", "常轮随驻"
Cell = str | int | float | datetime | None


class Plan(NamedTuple):
    """How many cases of a line a period accepts, closes in time, and leaves out."""

    accepted: int
    closed: int
    withdrawn: int


CALIBRATED = {CENTRE: Plan(90, 65, 3), UNIT: Plan(143, 139, 2)}
EARLIER = {
    1: {CENTRE: Plan(96, 62, 2), UNIT: Plan(131, 121, 3)},
    2: {CENTRE: Plan(71, 44, 2), UNIT: Plan(104, 93, 1)},
}
REFUSED = 3  # 不予受理 a year, registered but never accepted


class Step(NamedTuple):
    """One step of a case: when, the state after it, and what it sets."""

    at: datetime
    state: str
    sets: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute with its whole life, of which a reader sees the part that has happened."""

    number: str
    line: str
    facts: dict[str, Cell]
    steps: tuple[Step, ...]
    times: tuple[datetime, ...]

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was last changed as of now; None before it was registered."""
        seen = bisect_right(self.times, now)
        return self.times[seen - 1] if seen else None

    def row(self, now: datetime) -> dict[str, Cell]:
        """The row of the export at this moment."""
        row: dict[str, Cell] = {"案号": self.number, "承办线": self.line, **self.facts}
        for step in self.steps[: bisect_right(self.times, now)]:
            row |= step.sets
            row |= {"状态": step.state, "更新时间": step.at}
        return row


@dataclass(slots=True)
class _Draft:
    """A case before it has a number."""

    line: str
    registered: datetime
    accepted: datetime | None
    closed: datetime | None
    fate: str  # closed | withdrawn | refused


def cases_until(town: Town, day: date) -> list[Case]:
    """Every case of the years from the town's first one to the year of this day."""
    found: list[Case] = []
    for number in range(town.first.year, day.year + 1):
        found += cases_of_year(town, number)
    return found


def changed(town: Town, now: datetime, since: datetime) -> list[Case]:
    """Cases whose latest change lies between `since` and now, in the order of change."""
    found = [
        (updated, case)
        for case in cases_until(town, now.date())
        if (updated := case.updated_at(now)) is not None and updated >= since
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].number))
    return [case for _, case in found]


def plans(town: Town, number: int) -> dict[str, Plan]:
    """What January to September of a year must come to."""
    return CALIBRATED if number >= town.calibrated_from else EARLIER[town.calibrated_from - number]


@lru_cache(maxsize=16)
def cases_of_year(town: Town, number: int) -> tuple[Case, ...]:
    """All cases registered in a year, numbered in the order of registration."""
    rng = random.Random(f"{town.seed} mediation {number} {number >= town.calibrated_from}")
    drafts: list[_Draft] = []
    for line, plan in plans(town, number).items():
        drafts += _nine_months(rng, number, line, plan)
        drafts += _last_quarter(rng, number, line, plan)
    for _ in range(REFUSED):
        at = _moment(rng, date(number, 1, 10) + timedelta(days=rng.randrange(330)))
        drafts.append(_Draft(CENTRE, at, None, at + timedelta(hours=3), "refused"))
    drafts.sort(key=lambda d: (d.registered, d.line))
    site = load_site()
    return tuple(
        _case(town, site, draft, f"MT{number}{n:04d}") for n, draft in enumerate(drafts, 1)
    )


# ------------------------------------------------------------------ when
def _nine_months(rng: random.Random, number: int, line: str, plan: Plan) -> Iterator[_Draft]:
    """The cohort of January to September: exactly as many accepted and closed as planned."""
    first, last = date(number, 1, 1), date(number, 9, 30)
    moments = _moments(rng, first, last, plan.accepted + plan.withdrawn)
    end = datetime.combine(last, time(18))
    # what stays open is mostly what came late; 1 ** for the first day, heavier towards the end
    order = sorted(
        range(len(moments)), key=lambda n: rng.random() ** (1 / (0.35 + n / len(moments)))
    )
    open_ones = set(order[-(plan.accepted - plan.closed) :])
    withdrawn = set(rng.sample(sorted(set(order) - open_ones), plan.withdrawn))
    for n, accepted in enumerate(moments):
        if n in open_ones:
            closed = _in_quarter(rng, number + 1)
        else:
            closed = _closing(rng, line, accepted, end)
        fate = "withdrawn" if n in withdrawn else "closed"
        yield _Draft(line, _registered(rng, accepted), accepted, closed, fate)


def _last_quarter(rng: random.Random, number: int, line: str, plan: Plan) -> Iterator[_Draft]:
    first, last = date(number, 10, 1), date(number, 12, 31)
    count = round(plan.accepted * rng.uniform(0.29, 0.35))
    carried_share = 0.12 if line == CENTRE else 0.03
    end = datetime.combine(last, time(18))
    for accepted in _moments(rng, first, last, count):
        late = rng.random() < carried_share or accepted.date() > date(number, 12, 24)
        closed = _in_quarter(rng, number + 1) if late else _closing(rng, line, accepted, end)
        fate = "withdrawn" if rng.random() < 0.02 else "closed"
        yield _Draft(line, _registered(rng, accepted), accepted, closed, fate)


def _moments(rng: random.Random, first: date, last: date, count: int) -> list[datetime]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    months = {m: rng.uniform(0.75, 1.3) for m in range(1, 13)}
    weights = [
        months[d.month] * (1.0 if office.is_workday(d) else 0.35 if d.weekday() == 5 else 0.1)
        for d in days
    ]
    return sorted(_moment(rng, d) for d in rng.choices(days, weights, k=count))


def _moment(rng: random.Random, day: date) -> datetime:
    return office.at_desk(rng, day)


def _registered(rng: random.Random, accepted: datetime) -> datetime:
    """Registered a little before it was accepted, but in the same year."""
    before = accepted - timedelta(minutes=rng.choice((8, 15, 25, 40, 90, 1440, 2880)))
    return max(before, datetime(accepted.year, 1, 1, 0, 0, 1))


def _closing(rng: random.Random, line: str, accepted: datetime, end: datetime) -> datetime:
    """When a case that is closed within its period is closed."""
    days = rng.lognormvariate(2.25, 0.75) if line == CENTRE else rng.lognormvariate(1.6, 0.9)
    if line == UNIT and rng.random() < 0.18:
        return min(accepted + timedelta(minutes=rng.randrange(45, 150)), end)
    room = (end - accepted).total_seconds() / 86400
    days = min(days, room * rng.uniform(0.3, 0.98))
    closing = _moment(rng, (accepted + timedelta(days=days)).date())
    if not accepted + timedelta(minutes=30) < closing <= end:
        closing = accepted + (end - accepted) * rng.uniform(0.2, 0.9)
    return max(closing, accepted + timedelta(minutes=1)).replace(microsecond=0)


def _in_quarter(rng: random.Random, number: int) -> datetime:
    """A moment on a workday in October to December of a year."""
    while True:
        day = date(number, 10, 8) + timedelta(days=rng.randrange(78))
        if office.is_workday(day):
            return _moment(rng, day)


# ------------------------------------------------------------------ what
def _case(town: Town, site: Site, draft: _Draft, number: str) -> Case:
    rng = random.Random(f"{town.seed} case {number}")
    desk = disputes.desk(rng) if draft.line == UNIT else None
    kind = disputes.drawn(rng, desk.types if desk else disputes.CENTRE_TYPES)
    names = {c.code: c.name for c in site.dispute_types}
    community = rng.choices(site.communities, [c.population for c in site.communities])[0]
    parties = [people.caller(rng, community).name for _ in range(2)]
    origin = disputes.drawn(rng, disputes.CENTRE_ORIGINS)
    if desk and rng.random() < 0.85:
        origin = desk.origin
    facts: dict[str, Cell] = {
        "来源": origin,
        "联动方式": desk.link if desk else "专调" if rng.random() < 0.06 else None,
        "纠纷类型": f"{kind} {names.get(kind, kind)}",
        "涉及人数": max(2, min(40, int(rng.lognormvariate(1.0, 0.5)))),
        "涉及金额(元)": disputes.amount(rng, kind),
        "当事人": "、".join(parties),
        "摘要": disputes.summary(rng, kind, community),
        "登记时间": draft.registered,
        "社区编码": community.code,
        "网格编码": rng.choice([g.code for g in site.grids if g.community == community.code]),
    }  # fmt: skip
    unit = desk.unit if desk else disputes.CENTRE_UNIT
    steps = _steps(rng, draft, unit, desk.link if desk else None)
    return Case(number, draft.line, facts, tuple(steps), tuple(step.at for step in steps))


def _steps(rng: random.Random, draft: _Draft, unit: str, link: str | None) -> list[Step]:
    closed = draft.closed
    assert closed is not None
    steps = [Step(draft.registered, "登记", {})]
    if draft.accepted is None:
        steps.append(Step(closed, "不予受理", {"办结方式": "不予受理", "办结时间": closed}))
        return steps
    accepted = draft.accepted
    long = closed - accepted > timedelta(days=80)
    level = "疑难" if long else rng.choices(("简单", "一般", "疑难"), (5, 4, 1))[0]
    if long and rng.random() < 0.2:
        level = "重大"
    due = datetime.combine(accepted.date(), time(23, 59, 59)) + timedelta(
        days=60 if link == "访调" else 30
    )
    steps.append(
        Step(accepted, "受理", {"受理时间": accepted, "承办单位": unit, "应办结时间": due})
    )
    _work(rng, steps, draft, closed, {"难易程度": level, "应办结时间": due})
    if draft.fate == "withdrawn":
        word = rng.choice(("并案", "撤回"))
        steps.append(Step(closed, word, {"办结方式": word, "办结时间": closed, "处理结果": word}))
        return steps
    _settle(rng, steps, draft.line, closed)
    return steps


def _work(
    rng: random.Random, steps: list[Step], draft: _Draft, closed: datetime, facts: dict[str, Cell]
) -> None:
    """From acceptance to the sitting; a long case is taken to a joint round and given more time."""
    accepted, due = steps[-1].at, facts["应办结时间"]
    mediator = people.person("调解员", rng.randrange(9)).name
    room = None if draft.line == UNIT and rng.random() < 0.5 else rng.choice(disputes.ROOMS)
    span = closed - accepted
    given = accepted + min(timedelta(minutes=rng.randrange(10, 90)), span * 0.2)
    begun = min(office.add_minutes(accepted, rng.randrange(60, 900)), accepted + span * 0.5)
    given = min(given, begun)
    steps.append(Step(_tidy(given), "分流", {"难易程度": facts["难易程度"], "调解员": mediator}))
    steps.append(Step(_tidy(begun), "调解中", {"调解室": room}))
    assert isinstance(due, datetime)
    if closed > due:
        day = office.add_workdays((due - timedelta(days=4)).date(), 1)
        joint = office.at_desk(rng, day)
        later = datetime.combine(closed.date(), time(23, 59, 59)) + timedelta(
            days=rng.choice((-24, -6, 5, 12, 20, 31))
        )
        steps.append(Step(joint, "联调会商", {"应办结时间": max(later, due)}))


def _settle(rng: random.Random, steps: list[Step], line: str, closed: datetime) -> None:
    """Closing, and what comes after it; only the update time moves then."""
    won = rng.random() < (0.945 if line == CENTRE else 0.972)
    written = rng.random() < (0.75 if line == CENTRE else 0.5)
    result = "调解成功" if won else "调解不成功"
    sets: dict[str, Cell] = {
        "处理结果": result,
        "协议形式": ("书面" if written else "口头") if won else None,
        "办结时间": closed,
        "办结方式": "完结",
    }
    steps.append(Step(closed, result, sets))
    at = closed
    if won and written:
        at = office.at_desk(rng, office.add_workdays(at.date(), rng.randrange(3, 12)))
        steps.append(Step(at, "协议履行跟踪", {}))
    at = office.at_desk(rng, office.add_workdays(at.date(), rng.randrange(2, 9)))
    words = (("非常满意", 40), ("满意", 48), ("基本满意", 9), ("不满意", 3))
    steps.append(Step(at, "回访", {"满意度": disputes.drawn(rng, words) if won else None}))
    at = office.at_desk(rng, office.add_workdays(at.date(), rng.randrange(2, 9)))
    steps.append(Step(at, "结案归档", {}))


def _tidy(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
