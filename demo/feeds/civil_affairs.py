"""民政: applications for allowances and care, a workbook every Monday; the people are invented."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from demo import drops, office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.ledgers import Ledger
from demo.lives import Life, Pen
from demo.town import Town

HEADER = (
    "ywbh", "ywlx", "sqr", "sfzh", "lxdh", "jtzz", "sqbm", "jtrk", "sqrq", "rhhcrq", "gsrq", "blqx",
    "sprq", "spjg", "ybzje", "qsyf", "tfrq", "tfyy", "ywzt", "gxsj",
)  # fmt: skip
SPAN = 420  # days: 45 to decide, a year until an allowance may end
KINDS = (
    ("04", 30), ("05", 18), ("03", 14), ("06", 12), ("01", 9), ("08", 8), ("10", 5), ("09", 2),
    ("07", 1), ("02", 1),
)  # fmt: skip
# what each kind pays a month, and the workdays in which it must be decided
TERMS = {
    "01": (560, 22), "02": (1480, 22), "03": (900, 5), "04": (80, 10), "05": (120, 10),
    "06": (110, 15), "07": (1360, 20), "08": (700, 20), "09": (640, 15), "10": (1000, 5),
}  # fmt: skip
STOPS = (("年度复核不符合条件", 5), ("户籍迁出", 3), ("本人去世", 4), ("收入提高", 2))


def draw(town: Town, day: date) -> list[Life]:
    """The applications of a day; the windows are closed on days off."""
    if not office.is_workday(day):
        return []
    rng = dice(town, "civil_affairs", day)
    count = poisson(rng, 5.5 * town.crowd(day))
    moments = sorted(office.at_desk(rng, day) for _ in range(count))
    return [_life(rng, at, f"MZ{day:%Y%m%d}{n:02d}") for n, at in enumerate(moments, 1)]


def _life(rng: random.Random, at: datetime, number: str) -> Life:
    community, _ = somewhere(rng)
    who = people.caller(rng, community)
    kind = weighted(rng, KINDS)
    pay, days = TERMS[kind]
    pen = Pen(at, "gxsj", ywzt="0")
    _go_on(rng, pen, kind, pay, days)
    return pen.life(
        ywbh=number,
        ywlx=kind,
        sqr=who.name,
        sfzh=people.id_no(rng),
        lxdh=who.phone,
        jtzz=people.address(rng, community),
        sqbm=community.code,
        jtrk=rng.choices((1, 2, 3, 4, 5), (30, 34, 20, 11, 5))[0],
        sqrq=at.date(),
        blqx=office.add_workdays(at.date(), days),
    )


def _go_on(rng: random.Random, pen: Pen, kind: str, pay: int, days: int) -> None:
    applied = pen.at
    late = rng.random() < 0.03
    span = days + rng.randrange(1, 4) if late else max(1, int(days * rng.uniform(0.35, 0.98)))
    decide = office.later(rng, applied, span, span)
    if kind in ("01", "02", "03", "07", "08") and span >= 3:
        visit = office.later(rng, applied, 1, max(1, span // 2))
        pen.step(visit, ywzt="1", rhhcrq=visit.date())
        if span >= 8:
            shown = office.later(rng, visit, 1, 2)
            pen.step(shown, ywzt="2", gsrq=shown.date())
    luck = rng.random()
    if luck < 0.07:
        pen.step(decide, ywzt="3", spjg="0" if luck < 0.05 else "2", sprq=decide.date())
        return
    once = kind in ("03", "08", "10")
    start = (decide.replace(day=1) + timedelta(days=32)).replace(day=1).date()
    decided = pen.step(
        decide, ywzt="3", spjg="1", sprq=decide.date(), ybzje=None if once else pay,
        qsyf=None if once else start,
    )  # fmt: skip
    if not once and rng.random() < 0.08:
        ends = office.later(rng, decided + timedelta(days=rng.randrange(40, 340)), 0, 0)
        pen.step(ends, ywzt="4", tfrq=ends.date(), tfyy=weighted(rng, STOPS))


LEDGER = Ledger(
    draw=draw, span=SPAN, slot=drops.weekly(0, 8, 10), name="民政业务周报", page="Sheet1",
    titles=lambda now: ("洪蓝街道民政业务办理情况", f"制表时间 {now:%Y-%m-%d %H:%M}"),
    header=HEADER, overlap=timedelta(days=2),
)  # fmt: skip
work, ledger = LEDGER.work, LEDGER.file
