"""人民调解: the ledger of the committees, a workbook every evening; all of it is invented."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from config.site import Community, load_site
from demo import disputes, drops, office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.ledgers import Ledger
from demo.lives import AT, Cell, Life, Pen
from demo.town import Town

HEADER = (
    "卷宗编号", "调解委员会", "调委会类型", "纠纷类型", "难易程度", "涉及人数", "涉及金额(元)",
    "当事人", "调解员", "调解员类别", "纠纷简要情况", "社区编码", "受理时间", "调解期限",
    "调结时间", "调解结果", "协议形式", "协议书编号", "履行期限", "履行情况",
    "司法确认申请日期", "司法确认结果", "民转刑", "案件状态", "更新时间",
)  # fmt: skip
SPAN = 140  # days: 45 to settle, 30 to ask the court, 60 to do what was agreed
TYPES = (
    ("02", 30), ("01", 14), ("06", 11), ("03", 9), ("04", 9), ("07", 7), ("12", 6), ("13", 6),
    ("09", 4), ("15", 3), ("99", 1),
)  # fmt: skip
TRADES = {
    "12": ("道路交通事故调委会", "3"), "13": ("物业纠纷调委会", "3"), "07": ("劳动争议调委会", "3")
}  # fmt: skip


def draw(town: Town, day: date) -> list[Life]:
    """The cases accepted on a day."""
    rng = dice(town, "peoples_mediation", day)
    busy = (2.4 if office.is_workday(day) else 0.7) * town.crowd(day)
    moments = sorted(office.at_desk(rng, day) for _ in range(poisson(rng, busy)))
    return [_life(rng, at, f"RMTJ{day:%Y%m%d}{n:02d}") for n, at in enumerate(moments, 1)]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {kind.code: kind.name for kind in load_site().dispute_types}


def _life(rng: random.Random, at: datetime, number: str) -> Life:
    community, _ = somewhere(rng)
    kind = weighted(rng, TYPES)
    committee, sort = _committee(rng, kind, community)
    pen = Pen(at, "更新时间", 案件状态="受理", 受理时间=AT)
    difficulty = rng.choices(("简单", "一般", "疑难复杂"), (5, 4, 1))[0]
    _go_on(rng, pen, number, difficulty)
    return pen.life(
        **{"涉及金额(元)": disputes.amount(rng, kind)},
        卷宗编号=number,
        调解委员会=committee,
        调委会类型=sort,
        纠纷类型=f"{kind} {_names().get(kind, kind)}",
        难易程度=difficulty,
        涉及人数=max(2, min(30, int(rng.lognormvariate(0.9, 0.5)))),
        当事人="、".join(people.caller(rng, community).name for _ in range(2)),
        调解员=people.person(f"{committee}调解员", rng.randrange(3)).name,
        调解员类别="专职" if rng.random() < 0.55 else "兼职",
        纠纷简要情况=disputes.summary(rng, kind, community),
        社区编码=community.code,
        调解期限=datetime.combine(at.date() + timedelta(days=30), time(23, 59, 59)),
        民转刑=False,
    )


def _committee(rng: random.Random, kind: str, community: Community) -> tuple[str, str]:
    if kind in TRADES and rng.random() < 0.8:
        return TRADES[kind]
    if rng.random() < 0.14:
        return "洪蓝街道人民调解委员会", "2"
    return f"{community.name}人民调解委员会", "1"


def _go_on(rng: random.Random, pen: Pen, number: str, difficulty: str) -> None:
    slow = {"简单": 0.4, "一般": 1.5, "疑难复杂": 2.4}[difficulty]
    accepted = pen.at
    if difficulty == "简单" and rng.random() < 0.5:
        settle = accepted + timedelta(minutes=rng.randrange(35, 180))
    else:
        days = min(43, 1 + int(rng.lognormvariate(slow, 0.6)))
        pen.step(accepted + timedelta(hours=2), 案件状态="调解中")
        settle = office.at_desk(rng, (accepted + timedelta(days=days)).date())
    luck = rng.random()
    if luck > 0.965:
        result = "2" if luck < 0.985 else "3"
        pen.step(settle, 案件状态="调结", 调结时间=AT, 调解结果=result)
        return
    written = rng.random() < (0.35 if difficulty == "简单" else 0.8)
    sets: dict[str, Cell] = {"调结时间": AT, "调解结果": "1", "协议形式": "1" if written else "2"}
    settled = pen.step(settle, 案件状态="调结", **sets)
    if not written:
        pen.step(settled + timedelta(minutes=20), 案件状态="归档", 履行情况="即时履行")
        return
    due = settled.date() + timedelta(days=rng.choice((3, 7, 15, 30, 45)))
    drawn = settled + timedelta(minutes=30)
    pen.step(
        drawn, 案件状态="履行中", 协议书编号=f"洪蓝人调协{number[4:]}", 履行期限=due,
        履行情况="履行中",
    )  # fmt: skip
    if rng.random() < 0.22:
        asked = office.later(rng, settled, 2, 14)
        pen.step(asked, 司法确认申请日期=asked.date(), 司法确认结果="审查中")
        pen.step(office.later(rng, asked, 3, 8), 司法确认结果="确认有效")
    done = "已履行" if rng.random() < 0.94 else "部分履行"
    at = datetime.combine(due, time(10)) - timedelta(days=rng.choice((0, 0, 0, 1, 2, -4)))
    pen.step(max(at, pen.at), 案件状态="归档", 履行情况=done)


LEDGER = Ledger(
    draw=draw, span=SPAN, slot=drops.daily(18, 20), name="人民调解案件", page="案件登记表",
    titles=lambda now: (
        "人民调解案件登记表", f"填报单位：洪蓝街道司法所　　导出时间：{now:%Y-%m-%d %H:%M}"
    ),
    header=HEADER, overlap=timedelta(days=1), least=6,
)  # fmt: skip
work, ledger = LEDGER.work, LEDGER.file
