"""险在哪里: water near or over its limits, warnings, holidays over deadlines, silent platforms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import dcc, html

from config import workdays
from dashboard import wording
from dashboard.pages import home_cases, home_lists, own_proof, twin, watched, water
from dashboard.pages.home_rules import Risk, Rules, ordered_risks
from dashboard.pages.reading import Glass
from dashboard.panels.sentences import Block, Door, Said
from dashboard.wall.water import NAMES, StationNow, distance_words, rise_words, state_words

STATIONS = "nearest"  # the proof of what the stations said last
_LEVELS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}
_NONE = 9
_NAMED = 3  # silent platforms that are told by name
_LONG = 3  # days off in a row that are worth a sentence


def block(glass: Glass, rules: Rules) -> Block:
    """At most four sentences, by rank, then by time left, then by size."""
    found = [*_water(glass), *_warnings(glass), *_holiday(glass), *_silent(glass), *_due(glass)]
    risks = ordered_risks([risk for risk, _ in found])
    told = {id(risk): said for risk, said in found}
    chosen = [told[id(risk)] for risk in risks[: rules.most]]
    return Block(chosen, "未来 72 小时没有看到水位、预警、到期和断数的风险。")


def _water(glass: Glass) -> list[tuple[Risk, Said]]:
    """Stations in rank; the first with its curve, the rest of rank Ⅳ in one sentence."""
    found = water.stations(glass)
    high = [s for s in found if s.rank and s.rank <= 3]
    near = [s for s in found if s.rank == 4]
    said = [_station(glass, station, first=index == 0) for index, station in enumerate(high[:2])]
    if near:
        top = near[0]
        risk = Risk(4, _hours(top), len(near), 1)
        figure = _curve(glass, top) if not high else None
        lead: list[str | Door] = [f"{top.name}{state_words(top)}。"]
        told: list[str | Door] = [*_now(glass, top), _ahead(top)]
        if len(near) > 1:
            lead = [_stations(glass, len(near)), " 站水位接近警戒或超设防。"]
            names = "、".join(s.name for s in near[:3]) + ("等" if len(near) > 3 else "")
            told = [f"{names}；最近的是{top.name}，", *told]
        said.append((risk, Said(lead, told, 4, figure)))
    return said + _quiet(glass, found)


def _stations(glass: Glass, shown: int | str) -> Door:
    """A figure about the stations opens what each of them said last."""
    return Door(str(shown), own_proof.href(glass, STATIONS))


def _quiet(glass: Glass, found: list[StationNow]) -> list[tuple[Risk, Said]]:
    """Stations that send nothing any more: what they would say is not known."""
    quiet = [s for s in found if s.silent]
    if not quiet or len(quiet) == len(found):
        return []
    names = "、".join(s.name for s in quiet[:3]) + ("等" if len(quiet) > 3 else "")
    told = f"{names}没有按时报到，水位不明，不按正常看待。"
    lead: list[str | Door] = [_stations(glass, len(quiet)), " 个水位站断数。"]
    return [(Risk(_NONE, 0, len(quiet), 3), Said(lead, [told]))]


def _station(glass: Glass, station: StationNow, *, first: bool) -> tuple[Risk, Said]:
    over = (station.level_m or 0) - (station.limits.warning or 0)
    risk = Risk(station.rank or _NONE, 0, over)
    figure = _curve(glass, station) if first else None
    told = [*_now(glass, station), _ahead(station)]
    return risk, Said(
        [f"{station.name}水位{distance_words(station)}。"], told, station.rank, figure
    )


def _now(glass: Glass, station: StationNow) -> list[str | Door]:
    level = _stations(glass, wording.fixed(station.level_m, 2))
    return [level, f" m，近 1 小时{rise_words(station.rise_m)}。"]


def _ahead(station: StationNow) -> str:
    limit = water.next_limit(station)
    if limit is None or station.level_m is None:
        return ""
    rank, metres = limit
    told = f"距{NAMES[rank]} {wording.fixed(metres, 2)} m 还有 "
    told += f"{wording.fixed(metres - station.level_m, 2)} m"
    ahead = water.hours_to(station)
    if ahead is not None and ahead[1] <= home_cases.AHEAD.total_seconds() / 3600:
        told += f"，照此约 {wording.fixed(ahead[1])} 小时，仅供参考"
    return f"{told}。"


def _hours(station: StationNow) -> float:
    ahead = water.hours_to(station)
    return ahead[1] if ahead else 999.0


def _curve(glass: Glass, station: StationNow) -> Any:
    drawn = water.curve(glass, station, "24h", small=True)
    config: Any = {"displayModeBar": False, "responsive": True}
    graph = dcc.Graph(figure=drawn, config=config, className="chart")
    box = html.Div(graph, className="chart-box small", **twin.mute())
    return twin.curved(box, heads=water.HEADS)


def _warnings(glass: Glass) -> list[tuple[Risk, Said]]:
    said = []
    for row in glass.query("weather_warnings"):
        level = _LEVELS.get(str(row["level"]), 4)
        until = row.get("ends_at")
        ends = f"，至 {wording.moment(until, glass.today)}" if until else ""
        told = f"{wording.moment(row['issued_at'], glass.today)} 发布{ends}。"
        summary = str(row.get("summary") or "").rstrip("。")
        lead = f"{row['kind']}{row['level']}色预警生效。"
        said.append(
            (Risk(level, 0, 1, 2), Said([lead], [f"{summary}。" if summary else "", told], level))
        )
    return said


def next_holiday(today: date) -> tuple[date, int] | None:
    """The first day and length of days off in a row that begin within 72 hours."""
    for ahead in range(0, 4):
        first = today + timedelta(days=ahead)
        if workdays.is_workday(first):
            continue
        length = 0
        while not workdays.is_workday(first + timedelta(days=length)) and length < 15:
            length += 1
        named = any(workdays.holiday_name(first + timedelta(days=n)) for n in range(length))
        begins = ahead == 0 or workdays.is_workday(first - timedelta(days=1))
        return (first, length) if named and length >= _LONG and begins else None
    return None


def holiday_words(today: date) -> str:
    """明天起放假 7 天, for the headline; empty when no holiday is near."""
    found = next_holiday(today)
    if found is None:
        return ""
    first, length = found
    days = (first - today).days
    when = {0: "今天", 1: "明天", 2: "后天"}.get(days, f"{first.month}月{first.day}日")
    return f"{when}起放假 {length} 天"


def _holiday(glass: Glass) -> list[tuple[Risk, Said]]:
    found = next_holiday(glass.today)
    if found is None:
        return []
    first, length = found
    back = first + timedelta(days=length)
    cases = [case for case in home_cases.open_cases(glass) if case.state != "over"]
    inside = sum(1 for c in cases if c.due and first <= c.due.date() < back)
    on_return = sum(1 for c in cases if c.due and c.due.date() == back)
    last = back - timedelta(days=1)
    lead: list[str | Door] = [
        f"放假 {length} 天，",
        Door(str(inside), home_lists.href(glass, "day", f"{first}..{last}")),
        " 件在假期内到期。",
    ]
    told: list[str | Door] = [
        f"{wording.day(first)}至{wording.day(last)}；节后首日{wording.day(back)}到期 ",
        Door(str(on_return), home_lists.href(glass, "day", str(back))),
        " 件，建议节前先办。",
    ]
    hours = max(0.0, (first - glass.today).days * 24)
    return [(Risk(_NONE, hours, inside), Said(lead, told))]


def _silent(glass: Glass) -> list[tuple[Risk, Said]]:
    """Platforms without data: one has its own sentence, several share one."""
    silent = [one for one in glass.platforms.values() if one.state in ("stale", "failed")]
    if not silent:
        return []
    if len(silent) > _NAMED:
        names = "、".join(one.short for one in silent[:_NAMED])
        told = f"{names}等；相关数字已褪灰，不用旧数顶替。"
        lead = f"{len(silent)} 个平台没有到数。"
        return [(Risk(_NONE, 0, 99), Said([lead], [told, Door("看平台", "/platforms")]))]
    said = []
    for state in silent:
        watched.to_the_minute(glass.at)
        age = "还没有到过数" if state.age_s is None else f"{wording.age(state.age_s)}没有到数"
        limit = wording.age(state.limit_s)
        told = f"限 {limit}；相关数字已褪灰，不用旧数顶替。请联系{state.owner}。"
        said.append((Risk(_NONE, 0, 99), Said([f"{state.short}{age}。"], [told])))
    return said


def _due(glass: Glass) -> list[tuple[Risk, Said]]:
    near = home_cases.due_within(glass)
    if not near:
        return []
    first = min(near, key=lambda c: c.due or glass.at)
    at = wording.moment(first.due, glass.today)
    told: list[str | Door] = []
    for kind, count in home_cases.counted(near):
        href = home_lists.href(glass, "near", kind.open)
        told += [f"{'、' if told else ''}{kind.name} ", Door(str(count), href), " 件"]
    told.append(f"；最早 {at}，{first.kind.name}，{first.unit}承办。")
    lead: list[str | Door] = [
        "72 小时内 ",
        Door(str(len(near)), home_lists.href(glass, "near")),
        " 件到期。",
    ]
    return [(Risk(_NONE, 24, len(near)), Said(lead, told))]
