"""The life of a hotline order: every step with its moment and what it changes.

The whole life is drawn at once; what a reader sees at a moment is the fold of the steps up to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from demo import office
from demo.calls import Call

HOTLINE_DESK = "热线办"
# how much later than the others a unit tends to be
LATENESS = {
    "物业办": 1.5,
    "建管中心": 1.25,
    "城管中队": 1.1,
    "拆迁办": 1.4,
    "水务站": 0.8,
    "派出所": 0.6,
}
RETURN_REASONS = ("非本单位职责", "属地不符", "应由区级部门办理")
EXTENSION_REASONS = ("需协调产权单位", "工程施工周期较长", "当事人暂不在本地", "需现场检测")
EXCLUSIONS = ("诉求不合理", "超出职权范围", "已导入法律途径", "恶意重复投诉")
WORKDAYS_DUE = {"咨询": 2, "求助": 5, "投诉": 5, "举报": 5, "建议": 10, "表扬": 5}
GOOD = (("非常满意", 30), ("满意", 51), ("基本满意", 14), ("不满意", 5), ("非常不满意", 1))
POOR = (("非常满意", 3), ("满意", 18), ("基本满意", 29), ("不满意", 35), ("非常不满意", 15))


class Step(NamedTuple):
    """One step: when, what was done, from which state to which, by whom, and what it sets."""

    at: datetime
    action: str
    before: str | None
    after: str
    unit: str
    note: str | None
    sets: dict[str, str | None]


class Life:
    """An order under way: a pen that writes its steps one after another."""

    def __init__(self, rng: random.Random, call: Call) -> None:
        self.rng = rng
        self.call = call
        self.steps: list[Step] = []
        self.state: str | None = None
        self.at = call.received
        self.unit = call.unit
        self.due = call.received
        self.span = WORKDAYS_DUE[call.ask]

    def step(self, at: datetime, action: str, after: str, **sets: str | None) -> None:
        """Write one step; time never runs backwards."""
        if self.steps:
            at = max(at, self.at + timedelta(seconds=1))
        self.at = at.replace(microsecond=0)
        note = sets.pop("note", None)
        by = sets.pop("by", None) or self.unit
        self.steps.append(Step(self.at, action, self.state, after, by, note, sets))
        self.state = after

    def wait(self, low: float, high: float) -> datetime:
        """Some time between low and high minutes after the last step."""
        return self.at + timedelta(seconds=self.rng.randrange(int(low * 60), int(high * 60) + 1))

    def work(self, low: float, high: float) -> datetime:
        """Some work minutes after the last step."""
        return office.add_minutes(self.at, self.rng.uniform(low, high))


def steps_of(call: Call, seed: int, merged_into: str | None) -> list[Step]:
    """All steps of one order from receipt to archive."""
    life = Life(random.Random(f"{seed} life {call.number}"), call)
    life.step(call.received, "受理", "待派单", by="市12345")
    _ENDINGS[call.fate](life, merged_into)
    return life.steps


# ------------------------------------------------------------------ ways through the office
def _direct(life: Life, _main: str | None) -> None:
    life.unit = HOTLINE_DESK
    _dispatch(life)
    life.step(
        life.wait(4, 40), "直接答复", "已办结", bjsj=_stamp, bjfs="直接答复", dfnr=_reply(life),
        qssj=_stamp, lxsj=_stamp,
    )  # fmt: skip
    _revisit(life)


def _merge(life: Life, main: str | None) -> None:
    _dispatch(life)
    if main is None:
        _normal_after_dispatch(life)
        return
    life.step(
        life.wait(20, 300), "并单", "并单", by=HOTLINE_DESK, note=f"并入{main}",
        bjsj=_stamp, bjfs="并单", bdbh=main, bq="重复",
    )  # fmt: skip


def _refuse(life: Life, _main: str | None) -> None:
    life.step(
        life.wait(15, 200), "不予受理", "不予受理", by=HOTLINE_DESK, note="不属于受理范围",
        bjsj=_stamp, bjfs="不予受理",
    )  # fmt: skip


def _void(life: Life, _main: str | None) -> None:
    life.step(
        life.wait(5, 90), "作废", "作废", by=HOTLINE_DESK, note="重复录入",
        bjsj=_stamp, bjfs="作废",
    )  # fmt: skip


def _park(life: Life, _main: str | None) -> None:
    _dispatch(life)
    _sign(life)
    day = office.add_workdays(life.at.date(), life.rng.randrange(2, max(3, life.span)))
    life.step(
        office.at_desk(life.rng, day), "挂账", "挂账", note="历史遗留问题，列入疑难台账",
        bjsj=_stamp, bjfs="挂账",
    )  # fmt: skip


def _normal(life: Life, _main: str | None) -> None:
    _dispatch(life)
    _normal_after_dispatch(life)


def _normal_after_dispatch(life: Life) -> None:
    _sign(life)
    if life.rng.random() < 0.045 and _returned(life):
        return
    _contact(life)
    _extension(life)
    _finish(life)
    _revisit(life)


def _dispatch(life: Life) -> None:
    call = life.call
    at = life.wait(2, 8) if call.urgency != "01" else life.wait(8, 75)
    if life.span == 5 and call.urgency == "01" and life.rng.random() < 0.14:
        life.span = 10
    sign_due = at + timedelta(minutes=30) if call.urgency != "01" else office.add_minutes(at, 240)
    life.due = _deadline(life, call.received.date())
    if call.urgency != "01":
        life.due = call.received + timedelta(hours=8 if call.urgency == "03" else 24)
    due = life.due.isoformat()
    life.step(
        at, "派单", "待签收", by=HOTLINE_DESK, pdsj=_stamp, zbdw=life.unit,
        qssx=sign_due.isoformat(timespec="seconds"), blsx=due, ysblsx=due,
    )  # fmt: skip


def _deadline(life: Life, day: date) -> datetime:
    return office.end_of(office.add_workdays(day, life.span))


def _sign(life: Life) -> None:
    if life.call.urgency != "01":
        at = life.wait(2, 26)
    elif life.rng.random() < 0.025:
        at = life.work(245, 400)
    else:
        at = life.work(3, 110)
    life.step(at, "签收", "办理中", qssj=_stamp)


def _returned(life: Life) -> bool:
    """The unit asks to give the order back; true when it has left the street."""
    reason = life.rng.choice(RETURN_REASONS)
    life.step(life.work(20, 120), "申请退单", "退单待审", note=reason)
    luck = life.rng.random()
    at = life.work(30, 240)
    if luck < 0.22:
        life.step(at, "退单成功", "已退单", by=HOTLINE_DESK, note=reason, bjsj=_stamp, bjfs="退单")
        return True
    if luck < 0.72 and life.call.other_unit != life.unit:
        life.unit = life.call.other_unit
        life.step(at, "改派", "待签收", by=HOTLINE_DESK, note=reason, zbdw=life.unit, qssj=None)
        _sign(life)
    else:
        life.step(at, "退单驳回", "办理中", by=HOTLINE_DESK, note="属本单位职责，请继续办理")
    return False


def _contact(life: Life) -> None:
    at = life.wait(5, 40) if life.call.urgency != "01" else life.work(10, 200)
    if life.rng.random() < 0.02:
        at = life.work(500, 900)
    life.step(min(at, life.due + timedelta(hours=20)), "联系诉求人", "办理中", lxsj=_stamp)


def _extension(life: Life) -> None:
    if life.span < 5 or life.call.urgency != "01" or life.rng.random() > 0.075:
        return
    ask = office.at_desk(life.rng, office.add_workdays(life.call.received.date(), life.span - 1))
    if ask <= life.at:
        return
    life.step(ask, "申请延期", "延期待审", note=life.rng.choice(EXTENSION_REASONS))
    if life.rng.random() < 0.85:
        more = office.add_workdays(life.due.date(), life.rng.choice((3, 5, 5, 10)))
        life.due = office.end_of(more)
        life.step(
            life.wait(15, 90), "同意延期", "办理中", by=HOTLINE_DESK, blsx=life.due.isoformat()
        )
    else:
        life.step(life.wait(15, 90), "不同意延期", "办理中", by=HOTLINE_DESK)


def _finish(life: Life, late_share: float = 0.03) -> None:
    """Feedback and closing, nearly always before the deadline."""
    rng = life.rng
    if rng.random() < late_share * LATENESS.get(life.unit, 1.0):
        late = office.add_workdays(life.due.date(), 1 + int(rng.expovariate(1 / 4.5)))
        closing = office.at_desk(rng, late)
    elif life.call.urgency != "01":
        closing = life.at + (life.due - life.at) * rng.uniform(0.1, 0.92)
    else:
        closing = _before_due(life)
    closing = max(closing, life.at + timedelta(minutes=20))
    back = max(life.at + timedelta(minutes=5), closing - timedelta(minutes=rng.randrange(8, 150)))
    life.step(back, "反馈", "待审核", dfnr=_reply(life))
    life.step(closing, "办结", "已办结", by=HOTLINE_DESK, bjsj=_stamp, bjfs="办结")


def _before_due(life: Life) -> datetime:
    span = max(1, office.workdays_between(life.at.date(), life.due.date()))
    share = life.rng.betavariate(2.0, 1.7)
    day = office.add_workdays(life.at.date(), min(span, round(share * span)))
    if not office.is_workday(day):
        day = office.add_workdays(day, 1)
    moment = office.at_desk(life.rng, day)
    if moment > life.due:
        moment = life.due - timedelta(minutes=life.rng.randrange(5, 120))
    return moment


def _revisit(life: Life) -> None:
    rng, call = life.rng, life.call
    day = office.add_workdays(life.at.date(), rng.choice((1, 1, 1, 2, 2, 3)))
    asked = call.ask not in ("咨询", "表扬", "建议")
    reached = rng.random() < 0.88
    solved = rng.random() < 0.918
    answer = "未接通" if not reached else "未评价" if rng.random() < 0.11 else _word(
        rng, GOOD if solved or not asked else POOR
    )  # fmt: skip
    left_out = reached and rng.random() < 0.013
    life.step(
        office.at_desk(rng, day), "回访", "已回访", by=HOTLINE_DESK, hfsj=_stamp,
        sfxy=None if not reached else "0" if rng.random() < 0.013 else "1",
        sfjj=None if not reached or not asked else "1" if solved else "0",
        myd=answer, sfts="1" if left_out else "0",
        tsyy=rng.choice(EXCLUSIONS) if left_out else None,
    )  # fmt: skip
    unhappy = answer in ("不满意", "非常不满意")
    if unhappy and not left_out and call.fate != "direct" and rng.random() < 0.4:
        _rework(life)
    else:
        life.step(
            office.at_desk(rng, office.add_workdays(life.at.date(), rng.randrange(3, 8))),
            "归档", "归档", by=HOTLINE_DESK,
        )  # fmt: skip


def _rework(life: Life) -> None:
    rng = life.rng
    life.span = 5
    life.due = _deadline(life, life.at.date())
    life.step(
        life.wait(20, 200), "重办", "办理中", by=HOTLINE_DESK, note="回访不满意，重新办理",
        cbcs="1", blsx=life.due.isoformat(), bjsj=None, bjfs=None,
    )  # fmt: skip
    _finish(life, 0.05)
    day = office.add_workdays(life.at.date(), rng.choice((1, 2)))
    solved = rng.random() < 0.75
    life.step(
        office.at_desk(rng, day), "回访", "已回访", by=HOTLINE_DESK, hfsj=_stamp, sfxy="1",
        sfjj="1" if solved else "0", myd=_word(rng, GOOD if solved else POOR),
    )  # fmt: skip
    life.step(
        office.at_desk(rng, office.add_workdays(life.at.date(), 5)), "归档", "归档",
        by=HOTLINE_DESK,
    )  # fmt: skip


def _word(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([word for word, _ in table], [share for _, share in table])[0]


def _reply(life: Life) -> str:
    return life.call.reply.format(unit=life.unit)


_stamp = "@"  # stands for the moment of the step itself, written when the step is read

_ENDINGS: dict[str, Callable[[Life, str | None], None]] = {
    "normal": _normal,
    "direct": _direct,
    "merge": _merge,
    "refuse": _refuse,
    "void": _void,
    "park": _park,
}
