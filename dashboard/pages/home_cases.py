"""谁要动, 拖了什么, 到期量: the open matters of every subject by unit, age and due day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dash import html

from config import workdays
from dashboard import wording
from dashboard.pages import case_address, own_proof
from dashboard.pages.deadlines import deadline
from dashboard.pages.due import nearness, overdue
from dashboard.pages.marks import door
from dashboard.pages.reading import Glass
from dashboard.pages.watched import until
from dashboard.panels.due_wave import Day, Wave
from dashboard.panels.duty_list import Duty
from dashboard.panels.sentences import Block, Door, Said

_MOST = 3000
DUTIES: Final = 7  # units that have a row; one more tells of the rest
_IN_TIME = 3
WAVE_DAYS: Final = 10
AHEAD: Final = timedelta(hours=72)
_LATE = 4  # kinds that are told; the head holds the sum of all
_FAR = timedelta(hours=24)  # from here on the time left is told in workdays
LISTED: Final = "cases"  # the proof that lists some of the open matters
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of matter: its stock, that of the overdue ones, its platform."""

    name: str
    open: str
    overdue: str
    platform: str
    suffix: str = ""


KINDS: Final = (
    Kind("热线", "hotline_open", "hotline_overdue", "hotline_12345"),
    Kind("矛调", "mediation_open", "", "mediation", suffix="纠纷"),
    Kind("网格", "grid_open", "grid_overdue", "grid_event"),
    Kind("城管", "urban_open", "urban_overdue", "urban_case"),
    Kind("联动", "linkage_open", "linkage_overdue", "linkage"),
    Kind("隐患", "hazard_open", "hazard_overdue", "safety_hazard"),
    Kind("吹哨", "whistle_open", "", "whistle"),
    Kind("控违", "land_open", "", "land_watch"),
    Kind("执法", "enforcement_open", "", "enforcement"),
)
FEEDS: Final = tuple(kind.platform for kind in KINDS)
METRICS: Final = tuple(kind.open for kind in KINDS)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open matter of any platform, composed from codes."""

    kind: Kind
    number: str
    matter: str
    place: str
    unit: str
    due: datetime | None
    state: str
    source: str = ""


def open_cases(glass: Glass) -> list[OpenCase]:
    """Every open matter, by due time; read once for all blocks of a page."""
    cases: list[OpenCase] = glass.once("open_cases", lambda: _open_cases(glass))
    return cases


def _open_cases(glass: Glass) -> list[OpenCase]:
    today = glass.want.span.today
    names = _names(glass)
    found = []
    for kind in KINDS:
        if not glass.shows([kind.platform]):
            continue
        for row in glass.rows(kind.open, today, today, limit=_MOST).rows:
            found.append(_case(glass, kind, row, names))
    return sorted(found, key=lambda c: c.due or datetime.max)


def _names(glass: Glass) -> dict[str, str]:
    """The names of all class codes by platform: the same code means different things."""
    site = glass.data.site
    trees = {
        "hotline_12345": site.hotline_classes,
        "mediation": site.dispute_types,
        "grid_event": site.grid_classes,
        "urban_case": site.urban_classes,
    }
    return {f"{key}/{one.code}": one.name for key, tree in trees.items() for one in tree}


def _case(glass: Glass, kind: Kind, row: Mapping[str, Any], names: Mapping[str, str]) -> OpenCase:
    code = str(row.get("class_path") or "").split("/")[-1]
    matter = names.get(f"{kind.platform}/{code}", code) or "未分类"
    due = deadline(kind.open).of(row)
    return OpenCase(
        kind=kind,
        number=str(row.get("key")),
        matter=f"{matter}{kind.suffix}",
        place=str(glass.data.site.community_name(row.get("community"))),
        unit=str(row.get("unit") or "未定单位"),
        due=due,
        state=nearness(glass, due),
        source=str(row.get("source") or ""),
    )


def counted(cases: Sequence[OpenCase]) -> list[tuple[Kind, int]]:
    """How many there are of each kind, kinds without any left out."""
    pairs = [(kind, sum(case.kind is kind for case in cases)) for kind in KINDS]
    return [(kind, count) for kind, count in pairs if count]


def stock(glass: Glass, metric: str) -> int:
    """A stock at this moment; one with lines is told line by line and added here alone."""
    today = glass.want.span.today
    if not glass.data.reader.definitions()[metric].lines:
        return int(glass.metric(metric, today, today).value or 0)
    lines = glass.metric(metric, today, today, "line").series
    return sum(int(line.value or 0) for line in lines)


def duties(glass: Glass) -> list[Duty]:
    """One row a unit: those still in time by time left, then those overdue by length.

    Where there are more units than rows the last row tells of the rest and opens them.
    """
    soon, over, rest = acting(glass)
    rows = [_soon(glass, unit, own) for unit, own in soon]
    rows += [_over(glass, unit, own) for unit, own in over]
    if rest:
        units = len({case.unit for case in rest})
        kinds = "、".join(f"{kind.name} {count}" for kind, count in counted(rest))
        late = sum(case.state == "over" for case in rest)
        rows.append(
            Duty(
                unit=f"另 {units} 个单位 {len(rest)} 件",
                matter=kinds,
                left=f"其中超期 {late}" if late else "都未超期",
                until="",
                href=own_proof.href(glass, f"{LISTED}/rest"),
                over=bool(late),
            )
        )
    return rows


Group = tuple[str, list["OpenCase"]]


def acting(glass: Glass) -> tuple[list[Group], list[Group], list[OpenCase]]:
    """The units that have a row with what is due soon and with what is overdue; and all the rest.

    A unit has a row for each, so that the rest is of what no row tells.
    """
    cases = open_cases(glass)
    soon = _by_unit([case for case in cases if case.state == "soon"])
    over = _by_unit([case for case in cases if case.state == "over"])
    first = soon[: max(_IN_TIME, DUTIES - len(over))]
    shown = over[: DUTIES - len(first)]
    left = [*soon[len(first) :], *over[len(shown) :]]
    return first, shown, [case for _, own in left for case in own]


def _by_unit(cases: list[OpenCase]) -> list[tuple[str, list[OpenCase]]]:
    """Units with their cases, the unit whose first case is due earliest in front."""
    groups: dict[str, list[OpenCase]] = {}
    for case in cases:
        groups.setdefault(case.unit, []).append(case)
    return list(groups.items())


def _soon(glass: Glass, unit: str, cases: list[OpenCase]) -> Duty:
    first = cases[0]
    due = first.due or glass.at  # what is due soon has a deadline
    days = workdays.workdays_between(glass.today, due.date())
    is_far = due - glass.at >= _FAR and days
    if is_far:
        until(due - _FAR + timedelta(microseconds=1))
    left = f"剩 {days} 工作日" if is_far else f"剩 {wording.age(due - glass.now)}"
    return Duty(
        unit=unit,
        matter=_matters(cases),
        left=left,
        until=f"办结 {wording.moment(due, glass.today)}",
        href=own_proof.href(glass, f"{LISTED}/soon:{unit}"),
        over=False,
    )


def _over(glass: Glass, unit: str, cases: list[OpenCase]) -> Duty:
    first = cases[0]
    return Duty(
        unit=unit,
        matter=_matters(cases),
        left=_length(glass, first),
        until="" if first.due is None else f"{wording.day(first.due.date())}到期",
        href=own_proof.href(glass, f"{LISTED}/over:{unit}"),
        over=True,
    )


def _length(glass: Glass, case: OpenCase) -> str:
    return overdue(glass, case.due or glass.at)


def _matters(cases: list[OpenCase]) -> str:
    first = cases[0]
    if len(cases) == 1:
        return f"{first.kind.name} {first.matter} · {first.place}"
    kinds = "、".join(f"{kind.name} {count}" for kind, count in counted(cases))
    return f"{len(cases)} 件（{kinds}），最早{first.matter}"


def late(glass: Glass) -> Block:
    """One sentence a kind: how many are overdue, and the one that waits longest."""
    over = [case for case in open_cases(glass) if case.state == "over"]
    said = []
    for kind, count in sorted(counted(over), key=lambda one: -one[1])[:_LATE]:
        first = next(case for case in over if case.kind is kind)
        href = own_proof.href(glass, f"{LISTED}/late:{kind.open}")
        number = Door(first.number, case_address.href(first.source, first.number))
        told: list[str | Door] = [
            f"最久的是{first.place}{first.matter}（",
            number,
            f"），{_length(glass, first)}，承办{first.unit}。",
        ]
        units = len({case.unit for case in over if case.kind is kind})
        if count > 1:
            told.append(
                f"{count} 件分在 {units} 个单位。" if units > 1 else f"{count} 件都在该单位。"
            )
        said.append(Said([f"{kind.name} ", Door(str(count), href), " 件。"], told))
    return Block(said, "没有超期的件。")


def late_words(glass: Glass) -> Any:
    """超期 6 件 = 热线 4 + 矛调 2; the parts add up, and each opens its own."""
    own = [case for case in open_cases(glass) if case.state == "over"]
    if not own:
        return ""
    told: list[Any] = ["超期 ", _late_door(len(own), own_proof.href(glass, "late"), ""), " 件 = "]
    for index, (kind, count) in enumerate(counted(own)):
        href = own_proof.href(glass, f"{LISTED}/late:{kind.open}")
        told += [" + " if index else "", f"{kind.name} ", _late_door(count, href, kind.name)]
    return html.Span(told)


def _late_door(count: int, href: str, name: str) -> Any:
    return door(str(count), href, about=f"{name}超期")


def due_within(glass: Glass) -> list[OpenCase]:
    """What falls due within the hours that are looked ahead, the next in front."""
    ahead = [case for case in open_cases(glass) if case.due and case.due >= glass.at]
    near = [case for case in ahead if case.due and case.due <= glass.at + AHEAD]
    if len(near) < len(ahead):
        far = glass.at + AHEAD
        until(min(case.due for case in ahead if case.due and case.due > far) - AHEAD)
    return near


def wave(glass: Glass) -> Wave:
    """How many cases fall due on each of the coming days, days off among them."""
    today = glass.today
    cases = [case for case in open_cases(glass) if case.due is not None and case.state != "over"]
    days, total = [], 0
    for ahead in range(WAVE_DAYS):
        day = today + timedelta(days=ahead)
        count = sum(1 for case in cases if case.due and case.due.date() == day)
        total += count
        label = f"{day.day}日" if ahead == 0 or day.day == 1 else str(day.day)
        off = not workdays.is_workday(day)
        name = workdays.holiday_name(day) or ("休" if off else "")
        said = f"{wording.day(day)} {wording.weekday(day)}{name} 到期 {count} 件"
        href = own_proof.href(glass, f"{LISTED}/day:{day}") if count else None
        days.append(Day(label, _WEEKDAYS[day.weekday()], count, off, said, href))
    later = len(cases) - total
    most = max(days, key=lambda d: d.count)
    told: list[Any] = [
        f"{WAVE_DAYS} 天内到期 ",
        door(str(total), own_proof.href(glass, f"{LISTED}/wave"), about=f"{WAVE_DAYS} 天内到期"),
        " 件，其后 ",
        door(str(later), own_proof.href(glass, f"{LISTED}/later"), about="其后到期"),
        " 件",
    ]
    if most.count:
        busiest = door(str(most.count), most.href, about=most.said)
        told += [f"；最多的一天{most.said.split(' ')[0]} ", busiest, " 件"]
    return Wave(days, [*told, "。"])
