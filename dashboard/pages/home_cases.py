"""谁要动, 拖了什么, 到期量: the open cases of hotline and mediation by unit, age and due day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config import workdays
from dashboard import wording
from dashboard.pages.due import due_state
from dashboard.pages.reading import Glass
from dashboard.panels.due_wave import Day, Wave
from dashboard.panels.duty_list import Duty
from dashboard.panels.sentences import Block, Door, Said

_MOST = 3000
_DUTIES = 7
_IN_TIME = 3
_WAVE_DAYS = 10
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case of either platform, composed from codes."""

    kind: str
    number: str
    matter: str
    place: str
    unit: str
    due: datetime | None
    state: str


def open_cases(glass: Glass) -> list[OpenCase]:
    """Every open case of both platforms, by due time; read once for all blocks of a page."""
    cases: list[OpenCase] = glass.once("open_cases", lambda: _open_cases(glass))
    return cases


def _open_cases(glass: Glass) -> list[OpenCase]:
    today = glass.want.span.today
    found = []
    for metric, kind in (("hotline_open", "热线"), ("mediation_open", "矛调")):
        for row in glass.rows(metric, today, today, limit=_MOST).rows:
            found.append(_case(glass, kind, row))
    return sorted(found, key=lambda c: c.due or datetime.max)


def _case(glass: Glass, kind: str, row: Mapping[str, Any]) -> OpenCase:
    site = glass.data.site
    tree = site.hotline_classes if kind == "热线" else site.dispute_types
    code = str(row.get("class_path") or "").split("/")[-1]
    matter = next((c.name for c in tree if c.code == code), code or "未分类")
    due = row.get("due_at")
    return OpenCase(
        kind=kind,
        number=str(row.get("key")),
        matter=matter if kind == "热线" else f"{matter}纠纷",
        place=str(site.community_name(row.get("community"))),
        unit=str(row.get("unit") or "未定单位"),
        due=due,
        state=due_state(due, glass.now),
    )


def duties(glass: Glass) -> list[Duty]:
    """One row a unit: those still in time by time left, then those overdue by length."""
    cases = open_cases(glass)
    soon = _by_unit([case for case in cases if case.state == "soon"])
    over = _by_unit([case for case in cases if case.state == "over"])
    rows = [_soon(glass, unit, own) for unit, own in soon[:_IN_TIME]]
    rows += [_over(glass, unit, own) for unit, own in over[: _DUTIES - len(rows)]]
    return rows


def _by_unit(cases: list[OpenCase]) -> list[tuple[str, list[OpenCase]]]:
    """Units with their cases, the unit whose first case is due earliest in front."""
    groups: dict[str, list[OpenCase]] = {}
    for case in cases:
        groups.setdefault(case.unit, []).append(case)
    return list(groups.items())


def _soon(glass: Glass, unit: str, cases: list[OpenCase]) -> Duty:
    first = cases[0]
    due = first.due or glass.now
    days = workdays.workdays_between(glass.now.date(), due.date())
    is_far = due - glass.now >= timedelta(hours=24) and days
    left = f"剩 {days} 工作日" if is_far else f"剩 {wording.age(due - glass.now)}"
    return Duty(
        unit=unit,
        matter=_matters(cases),
        left=left,
        until=f"办结 {wording.moment(due, glass.now.date())}",
        href=_open(glass, first),
        over=False,
    )


def _over(glass: Glass, unit: str, cases: list[OpenCase]) -> Duty:
    first = cases[0]
    return Duty(
        unit=unit,
        matter=_matters(cases),
        left=_length(glass, first),
        until="办结",
        href=_open(glass, first),
        over=True,
    )


def _length(glass: Glass, case: OpenCase) -> str:
    late = glass.now - (case.due or glass.now)
    return f"超期 {late.days} 天" if late.days else f"超期 {wording.age(late)}"


def _matters(cases: list[OpenCase]) -> str:
    first = cases[0]
    if len(cases) == 1:
        return f"{first.kind} {first.matter} · {first.place}"
    kinds = [
        f"{kind} {n}"
        for kind in ("热线", "矛调")
        if (n := sum(case.kind == kind for case in cases))
    ]
    return f"{len(cases)} 件（{'、'.join(kinds)}），最早{first.matter}"


def _open(glass: Glass, case: OpenCase) -> str:
    """The list of the unit's open cases on the platform of its first one."""
    today = glass.want.span.today
    metric = "mediation_open"
    if case.kind == "热线":
        metric = "hotline_overdue" if case.state == "over" else "hotline_open"
    unit = None if case.unit == "未定单位" else case.unit
    return f"{glass.doors.to(metric, today, today, unit=unit)}&rows=1"


def late(glass: Glass) -> Block:
    """One sentence a platform: how many are overdue, and the one that waits longest."""
    today = glass.want.span.today
    said = []
    for kind in ("热线", "矛调"):
        own = [c for c in open_cases(glass) if c.kind == kind and c.state == "over"]
        if not own:
            continue
        first = own[0]
        href = glass.doors.to("hotline_overdue", today, today) if kind == "热线" else None
        told = f"最久的是{first.place}{first.matter}（{first.number}），{_length(glass, first)}，"
        told += f"承办{first.unit}。"
        units = len({case.unit for case in own})
        if len(own) > 1:
            told += (
                f"{len(own)} 件分在 {units} 个单位。" if units > 1 else f"{len(own)} 件都在该单位。"
            )
        said.append(Said([f"{kind} ", Door(str(len(own)), href), " 件。"], [told]))
    return Block(said, "没有超期的件。")


def late_words(glass: Glass) -> str:
    """超期 6 件 = 热线 4 + 矛调 2; the parts add up."""
    own = [case for case in open_cases(glass) if case.state == "over"]
    if not own:
        return ""
    parts = [
        f"{kind} {n}" for kind in ("热线", "矛调") if (n := sum(case.kind == kind for case in own))
    ]
    return f"超期 {len(own)} 件 = {' + '.join(parts)}"


def wave(glass: Glass) -> Wave:
    """How many cases fall due on each of the coming days, days off among them."""
    today = glass.now.date()
    cases = [case for case in open_cases(glass) if case.due is not None and case.state != "over"]
    days, total = [], 0
    for ahead in range(_WAVE_DAYS):
        day = today + timedelta(days=ahead)
        count = sum(1 for case in cases if case.due and case.due.date() == day)
        total += count
        label = f"{day.day}日" if ahead == 0 or day.day == 1 else str(day.day)
        off = not workdays.is_workday(day)
        name = workdays.holiday_name(day) or ("休" if off else "")
        said = f"{wording.day(day)} {wording.weekday(day)}{name} 到期 {count} 件"
        days.append(Day(label, _WEEKDAYS[day.weekday()], count, off, said))
    later = len(cases) - total
    most = max(days, key=lambda d: d.count)
    note = f"{_WAVE_DAYS} 天内到期 {total} 件，其后 {later} 件"
    if most.count:
        note += f"；最多的一天{most.said.split(' ')[0]} {most.count} 件"
    return Wave(days, f"{note}。")
