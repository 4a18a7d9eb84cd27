"""信访: the petition ledger, a workbook every morning; what it is about is invented."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from demo import drops, office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.ledgers import Ledger
from demo.lives import AT, Life, Pen
from demo.town import Town

HEADER = (
    "信访编号", "信访形式", "重复信访", "信访人数", "信访人", "联系电话", "证件号码", "住址",
    "社区编码", "信访层级", "内容分类", "信访事项", "登记时间", "受理告知期限", "受理时间",
    "责任单位", "办理期限", "是否延期", "办结时间", "办理结果", "满意度", "办理状态", "更新时间",
)  # fmt: skip
SPAN = 125  # days: 12 to accept, 60 and 30 to settle, 14 to ask how it was
FORMS = (("走访", 44), ("网上信访", 31), ("来信", 15), ("来电", 10))
LEVELS = (("街道", 66), ("区", 24), ("市", 7), ("省", 2), ("国家", 1))
TOPICS = (
    ("征地拆迁", "拆迁办", ("对安置房面积认定有异议", "反映过渡费发放标准")),
    ("农村农业", "农服中心", ("反映土地流转费未按时支付", "要求公开集体资产收支")),
    ("城乡建设", "建管中心", ("反映道路施工影响出行", "反映小区外墙渗水久未维修")),
    ("劳动社保", "社保中心", ("反映工资未足额发放", "咨询并要求补缴养老保险")),
    ("环境保护", "环保办", ("反映养殖异味影响居住", "反映河道水体发黑")),
    ("政法综治", "派出所", ("对邻里纠纷处理结果不服", "反映夜间噪声扰民")),
    ("民政救助", "民政办", ("申请临时救助未获答复", "反映低保评定不公")),
    ("物业管理", "物业办", ("反映物业服务不到位", "要求更换物业公司")),
)
RESULTS = (("化解", 62), ("答复", 30), ("不予支持", 8))
MOODS = (("满意", 58), ("基本满意", 27), ("不满意", 15))


def draw(town: Town, day: date) -> list[Life]:
    """The petitions registered on a day."""
    rng = dice(town, "petition", day)
    busy = (1.15 if office.is_workday(day) else 0.12) * town.crowd(day)
    moments = sorted(office.at_desk(rng, day) for _ in range(poisson(rng, busy)))
    return [_life(rng, at, f"XF{day:%Y%m%d}{n:03d}") for n, at in enumerate(moments, 1)]


def _life(rng: random.Random, at: datetime, number: str) -> Life:
    community, _ = somewhere(rng)
    who = people.caller(rng, community)
    topic, unit, matters = rng.choice(TOPICS)
    form = weighted(rng, FORMS)
    group = rng.randrange(5, 24) if form == "走访" and rng.random() < 0.1 else rng.choice((1, 1, 2))
    pen = Pen(at, "更新时间", 办理状态="登记", 登记时间=AT)
    _go_on(rng, pen, unit)
    return pen.life(
        信访编号=number,
        信访形式=form,
        重复信访="重复" if rng.random() < 0.21 else "初次",
        信访人数=group,
        信访人=who.name,
        联系电话=who.phone,
        证件号码=people.id_no(rng),
        住址=people.address(rng, community),
        社区编码=community.code,
        信访层级="街道" if form == "来电" else weighted(rng, LEVELS),
        内容分类=topic,
        信访事项=f"{people.place(rng, community, 'any')}居民{rng.choice(matters)}。",
        受理告知期限=_end(at.date() + timedelta(days=15)),
    )


def _go_on(rng: random.Random, pen: Pen, unit: str) -> None:
    accept = office.later(rng, pen.at, 1, 7)
    if rng.random() < 0.06:
        pen.step(accept, 办理状态="不予受理", 办理结果="不予受理", 办结时间=AT)
        return
    due = accept.date() + timedelta(days=60)
    accepted = pen.step(
        accept, 办理状态="受理", 受理时间=AT, 责任单位=unit, 办理期限=_end(due), 是否延期=False
    )
    pen.step(office.later(rng, accepted, 1, 4), 办理状态="办理中")
    days = min(86, 4 + int(rng.lognormvariate(3.0, 0.7)))
    if days > 57:
        longer = _end(due + timedelta(days=30))
        at = office.later(rng, accepted + timedelta(days=48), 0, 2)
        pen.step(at, 办理状态="延期办理", 是否延期=True, 办理期限=longer)
    closing = office.at_desk(rng, (accepted + timedelta(days=days)).date())
    closed = pen.step(closing, 办理状态="办结", 办结时间=AT, 办理结果=weighted(rng, RESULTS))
    if rng.random() < 0.7:
        pen.step(office.later(rng, closed, 3, 9), 办理状态="回访归档", 满意度=weighted(rng, MOODS))


def _end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))


LEDGER = Ledger(
    draw=draw, span=SPAN, slot=drops.daily(7, 40), name="信访台账", page="信访台账",
    titles=lambda now: ("洪蓝街道信访事项台账", f"统计截止 {now:%Y-%m-%d %H:%M}"),
    header=HEADER, overlap=timedelta(days=1), least=5,
)  # fmt: skip
work, ledger = LEDGER.work, LEDGER.file
