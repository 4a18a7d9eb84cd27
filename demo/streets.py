"""Cases of the digital urban management: 15 to 60 a day, most closed within their work hours."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import NamedTuple

from demo import office, people, sky, survey
from demo.dice import dice, moment, poisson, somewhere, spot_in, weighted
from demo.lives import Life, Pen
from demo.town import Town

SPAN = 70


class Kind(NamedTuple):
    """A minor class: code (1 thing, 2 event; major; minor), name, limit (kind, amount), unit."""

    code: str
    name: str
    limit: str
    amount: int
    unit: str


WORK_HOURS, WORKDAYS, URGENT = "2", "3", "1"
KINDS = (
    (Kind("20102", "暴露垃圾", WORK_HOURS, 4, "城管中队"), 17.0),
    (Kind("20104", "道路不洁", WORK_HOURS, 2, "城管中队"), 12.0),
    (Kind("20105", "乱堆物堆料", WORK_HOURS, 4, "城管中队"), 11.0),
    (Kind("20103", "建筑垃圾渣土", WORKDAYS, 2, "城管中队"), 5.0),
    (Kind("20101", "私搭乱建", WORKDAYS, 7, "城管中队"), 2.5),
    (Kind("20106", "焚烧垃圾", WORK_HOURS, 2, "环保办"), 1.5),
    (Kind("20201", "非法小广告", WORKDAYS, 1, "城管中队"), 10.0),
    (Kind("20202", "违规户外广告", WORKDAYS, 5, "城管中队"), 2.0),
    (Kind("20301", "施工扬尘", WORK_HOURS, 4, "建管中心"), 3.0),
    (Kind("20303", "工地出入口带泥", WORK_HOURS, 2, "建管中心"), 2.0),
    (Kind("20401", "路面积水", URGENT, 4, "水务站"), 2.0),
    (Kind("20402", "路面塌陷", URGENT, 2, "交管办"), 0.6),
    (Kind("20501", "占道经营", WORK_HOURS, 2, "城管中队"), 13.0),
    (Kind("20502", "无照经营游商", WORK_HOURS, 2, "城管中队"), 8.0),
    (Kind("20503", "机动车乱停放", WORK_HOURS, 4, "城管中队"), 6.0),
    (Kind("20504", "非机动车乱停放", WORK_HOURS, 2, "城管中队"), 5.0),
    (Kind("10101", "井盖破损缺失", URGENT, 4, "水务站"), 1.6),
    (Kind("10105", "路灯不亮", WORKDAYS, 1, "供电所"), 2.4),
    (Kind("10203", "交通护栏破损", WORKDAYS, 3, "交管办"), 1.6),
    (Kind("10205", "人行道破损", WORKDAYS, 5, "建管中心"), 2.2),
    (Kind("10302", "果皮箱破损", WORKDAYS, 3, "城管中队"), 1.2),
    (Kind("10401", "行道树倾倒枯死", WORKDAYS, 5, "农服中心"), 1.2),
    (Kind("10402", "绿地养护不良", WORKDAYS, 5, "农服中心"), 2.0),
)
RAINY = frozenset({"20401", "10101", "10401"})
SOURCES = (("1", 78.0), ("2", 8.0), ("3", 7.0), ("4", 5.0), ("5", 2.0))


def cases_on(town: Town, day: date) -> list[Life]:
    """What was reported on one day."""
    rng = dice(town, "urban", day)
    rain = sky.rain_on(town, day)
    mean = 30.0 if office.is_workday(day) else 19.0
    mean *= 1 + 0.04 * (day.year - town.first.year) + min(rain, 60) / 240
    table = [
        (k, w * (1 + rain / 8 if k.code in RAINY else 1 - min(rain, 40) / 90)) for k, w in KINDS
    ]
    crowd = town.crowd(day)
    count = max(9, min(poisson(rng, mean * crowd), round(64 * crowd)))
    found = sorted(moment(rng, day, 7, 20) for _ in range(count))
    return [
        _case(rng, at, weighted(rng, table), f"{at:%Y%m%d}320117005{n:02d}")
        for n, at in enumerate(found, 1)
    ]


def _case(rng: random.Random, at: datetime, kind: Kind, number: str) -> Life:
    community, grid = somewhere(rng)
    source = weighted(rng, SOURCES)
    if source == "2":
        reporter = people.caller(rng, community)
    else:
        reporter = people.person("collector", rng.randrange(12))
    east, north = survey.told("urban_case", spot_in(rng, grid.code))
    pen = Pen(at, act_state="1", rework_num=0, back_num=0, delay_num=0)
    _run(rng, pen, kind)
    where = people.place(rng, community, "road")
    return pen.life(
        rec_id=number, task_num=f"RW{number[2:8]}{number[-2:]}", event_src_id=source,
        rec_type_id=kind.code[0], type_code=kind.code, sub_type_name=kind.name,
        event_desc=f"{where}{kind.name}", address=where, community_id=community.code,
        cell_id=grid.code, coordinate_x=east, coordinate_y=north, patrol_name=reporter.name,
        patrol_tel=reporter.phone, create_time=at, limit_type=kind.limit,
        is_urgent=kind.limit == URGENT, is_supervise=rng.random() < 0.02,
        is_force_archive=rng.random() < 0.003,
    )  # fmt: skip


def _stamp(pen: Pen, at: datetime, field: str, state: str) -> datetime:
    """One step that stamps its own moment."""
    reached = pen.step(at, act_state=state)
    pen.steps[-1].sets[field] = reached
    return reached


def _run(rng: random.Random, pen: Pen, kind: Kind) -> None:
    """From acceptance to the archive, with the loops that cases take."""
    accepted = _stamp(pen, pen.at + timedelta(minutes=rng.uniform(1, 16)), "accept_time", "2")
    if rng.random() < 0.055:
        pen.step(accepted + timedelta(minutes=rng.uniform(3, 30)), act_state="7")
        return
    filed = _stamp(pen, accepted + timedelta(minutes=rng.uniform(2, 25)), "inst_time", "3")
    sent = _stamp(pen, filed + timedelta(minutes=rng.uniform(2, 22)), "dispatch_time", "4")
    due = _due(sent, kind)
    pen.steps[-1].sets.update(dispose_unit_name=kind.unit, func_deadline=due)
    if rng.random() < 0.03:
        sent = pen.step(sent + timedelta(minutes=rng.uniform(20, 200)), back_num=1)
        due = _due(sent, kind)
        pen.steps[-1].sets.update(func_deadline=due)
    if kind.limit == WORKDAYS and rng.random() < 0.012:
        pen.step(sent + (due - sent) * 0.8, delay_num=1)
        due = office.end_of(office.add_workdays(due.date(), kind.amount))
        pen.steps[-1].sets.update(func_deadline=due)
    if rng.random() < 0.006:
        pen.step(due + timedelta(hours=2), act_state="8")
        return
    _finish(rng, pen, due)


def _finish(rng: random.Random, pen: Pen, due: datetime) -> None:
    """Handled, checked, closed; a check that fails sends it back once."""
    late = rng.random() < 0.045
    left = max((due - pen.at).total_seconds(), 600.0)
    share = rng.uniform(1.02, 1.9) if late else rng.uniform(0.12, 0.86)
    handled = _stamp(pen, pen.at + timedelta(seconds=left * share), "dispose_time", "5")
    if rng.random() < 0.02:
        pen.step(handled + timedelta(minutes=rng.uniform(15, 90)), act_state="4",
                 check_result="2", rework_num=1)  # fmt: skip
        handled = _stamp(pen, pen.at + timedelta(hours=rng.uniform(1, 5)), "dispose_time", "5")
    checked = _stamp(pen, handled + timedelta(minutes=rng.uniform(4, 40)), "check_time", "5")
    pen.steps[-1].sets.update(check_result="1")
    closed = _stamp(pen, checked + timedelta(minutes=rng.uniform(1, 12)), "archive_time", "6")
    pen.steps[-1].sets.update(intime_archive_num=closed <= due)


def _due(start: datetime, kind: Kind) -> datetime:
    """When it must be done: work hours run in their windows, workdays count from the next day."""
    if kind.limit == WORKDAYS:
        return office.end_of(office.add_workdays(start.date(), kind.amount))
    return office.add_minutes(start, kind.amount * 60).replace(microsecond=0)
