"""Orders of the street's linkage platform: where they come from, who deals with them, how long."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from demo import office, people
from demo.calls import call_before
from demo.dice import dice, poisson, somewhere, weighted
from demo.lives import AT, Cell, Life, Pen
from demo.town import Town

SPAN = 50  # days: 10 workdays and as many more, twice returned, then filed
SOURCES = (
    (("01", "NJ"), 34), (("02", "SJ"), 27), (("03", "CG"), 14), (("04", "SP"), 8),
    (("06", "JQ"), 7), (("07", "ZJ"), 6), (("08", "JB"), 3), (("05", "FX"), 1),
)  # fmt: skip
# category, main unit, units beside it, what it is about, where
MATTERS = (
    ("市容环境", "城管中队", ("环保办",), "占道经营和垃圾堆放", "road"),
    ("公共安全", "应急办", ("派出所", "物业办"), "楼道堆物和消防通道堵塞", "estate"),
    ("矛盾纠纷", "综治中心", ("司法所", "派出所"), "多户相邻纠纷", "any"),
    ("生态环境", "环保办", ("农服中心", "水务站"), "河塘水体异味", "water"),
    ("城乡建设", "建管中心", ("供电所",), "道路破损和路灯失修", "road"),
    ("物业管理", "物业办", ("建管中心",), "电梯故障和停车矛盾", "estate"),
    ("劳动保障", "社保中心", ("司法所",), "工资支付争议", "site"),
    ("治安防控", "派出所", ("网格办",), "夜间扰民", "shop"),
    ("交通出行", "交管办", ("城管中队",), "货车违停和视线遮挡", "road"),
    ("农业农村", "农服中心", ("水务站",), "排灌沟渠堵塞", "village"),
    ("民生服务", "民政办", ("卫健办",), "独居老人帮扶", "any"),
)
MADE = "建单|指挥中心|"
LIMITS = {"1": 5, "2": 7, "3": 2}  # workdays


def draw(town: Town, day: date) -> list[Life]:
    """The orders made on a day."""
    rng = dice(town, "linkage", day)
    mean = (24 if office.is_workday(day) else 8) * town.crowd(day)
    moments = sorted(_moment(rng, day) for _ in range(poisson(rng, mean)))
    return [_life(rng, town, at, f"LD{day:%Y%m%d}{n:04d}") for n, at in enumerate(moments, 1)]


def _moment(rng: random.Random, day: date) -> datetime:
    hour = rng.choice((7, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 17, 19, 21))
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def _life(rng: random.Random, town: Town, at: datetime, number: str) -> Life:
    """An order; one that came from the hotline is about the very order it names."""
    (source, head), level = weighted(rng, SOURCES), weighted(rng, (("1", 82), ("2", 13), ("3", 5)))
    call = call_before(rng, town, at) if head == "NJ" else None
    same = [matter for matter in MATTERS if call and matter[1] == call.unit]
    category, unit, beside, about, where = rng.choice(same or MATTERS)
    community, grid = somewhere(rng)
    co_units = [one for one in beside if rng.random() < 0.55]
    pen = _Order(rng, at, unit)
    pen.go_on(level)
    place = people.place(rng, community, where)
    day = at.date() - timedelta(days=rng.choice((0, 0, 0, 1)))
    said = call.title if call else f"{place}，{about}"
    return pen.life(
        ldbh=number,
        lypt=source,
        lydh=call.number if call else f"{head}{day:%Y%m%d}{rng.randrange(400, 999):04d}",
        sjbh=f"EV{number[2:]}" if rng.random() < 0.2 else None,
        sxlb=category,
        jb=level,
        bt=call.title if call else f"{place}{about}",
        nr=f"{said}，请{unit}{'会同' + '、'.join(co_units) if co_units else ''}处理。",
        sqbm=call.community if call else community.code,
        wgbm=call.grid if call else grid.code,
        zbdw=unit,
        xbdw="、".join(co_units) or None,
    )


class _Order(Pen):
    """Writes the steps of an order; each one also stands in its record of steps."""

    def __init__(self, rng: random.Random, at: datetime, unit: str) -> None:
        super().__init__(at, "gxsj", jdsj=AT, ldzt="10", thcs=0, sfdb=False, lz=MADE)
        self.rng, self.unit = rng, unit

    def act(self, at: datetime, action: str, state: str, note: str = "", **sets: Cell) -> datetime:
        """One step by the unit that has the order, or by the centre."""
        by = "指挥中心" if action in ("派单", "办结", "归档", "督办", "作废") else self.unit
        return self.step(at, ldzt=state, lz=f"{action}|{by}|{note}", **sets)

    def go_on(self, level: str) -> None:
        """From the first dispatch to the file."""
        rng = self.rng
        if rng.random() < 0.012:
            self.act(self._after(5, 60), "作废", "99", "重复建单", bjfs="3", bjsj=AT)
            return
        self._dispatch(level)
        if rng.random() < 0.05:
            self.act(self._after(20, 200), "退回", "90", "不属于本单位职责", thcs=1)
            self._dispatch(level)
        signed = rng.randrange(65, 400) if rng.random() < 0.07 else rng.randrange(2, 58)
        self.act(self.at + timedelta(minutes=signed), "签收", "30", qssj=AT)
        self._handle(level)
        back = self.act(self._after(30, 1200), "办结", "50", bjfs="1", bjsj=AT)
        self.act(office.later(rng, back, 1, 4), "归档", "60")

    def _dispatch(self, level: str) -> None:
        at = self._after(3, 90)
        due = office.end_of(office.add_workdays(at.date(), LIMITS[level]))
        sign = at + timedelta(hours=1)
        self.act(at, "派单", "20", pdsj=AT, qssx=sign, blsx=due, ysblsx=due)
        self.due = due

    def _handle(self, level: str) -> None:
        rng, span = self.rng, LIMITS[level] * 420
        late = rng.random() < 0.05
        share = rng.uniform(1.05, 1.6) if late else rng.uniform(0.04, 0.95)
        answer = office.add_minutes(self.at, span * share)
        if late and rng.random() < 0.5:
            longer = office.end_of(office.add_workdays(self.due.date(), 5))
            at = max(self.at, self.due - timedelta(hours=5))
            self.act(at, "延期", "30", "需协调", blsx=longer)
        elif late:
            at = max(self.at, self.due + timedelta(hours=2))
            self.act(at, "督办", "30", "请尽快办理", sfdb=True)
        self.act(answer, "反馈", "40", "已按要求处理", fksj=AT)

    def _after(self, low: int, high: int) -> datetime:
        rng = self.rng
        return self.at + timedelta(minutes=rng.randrange(low, high), seconds=rng.randrange(60))
