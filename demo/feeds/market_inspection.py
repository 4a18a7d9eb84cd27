"""双随机一公开: a ZIP of workbooks every evening, one for each domain; the shops are invented."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, timedelta

from demo import drops, office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.dirt import CLEAN, Dirty
from demo.lives import AT, Book, Life, Pen, Row
from demo.stage import Stage
from demo.town import Town
from demo.workbook import workbook

HEADER = (
    "检查编号", "任务名称", "检查方式", "检查领域", "检查对象", "统一社会信用代码", "主体类型",
    "经营地址", "社区编码", "检查时间", "执法人员", "检查结果", "发现问题数", "问题描述",
    "整改期限", "复查时间", "是否整改到位", "公示日期", "办理状态", "更新时间",
)  # fmt: skip
SPAN = 90  # days: 20 workdays to put it right, then a second look
DOMAINS = (
    ("食品经营", 44), ("特种设备", 14), ("药品器械", 11), ("价格收费", 10), ("计量器具", 9),
    ("广告", 6), ("产品质量", 6),
)  # fmt: skip
KINDS = (("01", 48), ("04", 26), ("02", 16), ("03", 10))
RESULTS = (("1", 70), ("2", 23), ("3", 3), ("4", 2), ("6", 2))
FINDINGS = {
    "食品经营": ("未公示食品经营许可证", "冷藏柜温度记录不全", "从业人员健康证过期"),
    "特种设备": ("电梯维保记录缺失", "压力表超过检定周期"),
    "药品器械": ("阴凉区温度超标", "进货票据不全"),
    "价格收费": ("未明码标价", "收费公示栏未更新"),
    "计量器具": ("电子秤未贴检定标志",),
    "广告": ("使用绝对化用语",),
    "产品质量": ("产品标识不全",),
}


async def work(stage: Stage) -> None:
    """A ZIP every evening at 19:05."""
    book = Book(stage.town, draw, SPAN)

    def make(now: datetime, last: datetime | None) -> tuple[str, bytes]:
        return f"市监检查{now:%Y%m%d%H%M}.zip", bundle(book, now, last, stage.dirt(now))

    await drops.drop_for_ever(stage, drops.daily(19, 5), make)


def bundle(book: Book[Life], now: datetime, last: datetime | None, dirt: Dirty = CLEAN) -> bytes:
    """What changed since the day before the last file, one workbook a domain."""
    since = datetime.min if last is None else last - timedelta(days=1)
    entries = book.changed(now, since) or book.changed(now, now - timedelta(days=SPAN))[-3:]
    by_domain: dict[str, list[Row]] = {}
    for row in dirt.rows(book.row(entry, now) for entry in entries):
        by_domain.setdefault(str(row["检查领域"]), []).append(row)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for domain, rows in sorted(by_domain.items()):
            titles = (f"洪蓝街道{domain}监督检查结果", f"截至 {now:%Y-%m-%d}")
            archive.writestr(f"{domain}.xlsx", workbook("检查结果", titles, HEADER, rows))
    return out.getvalue()


def draw(town: Town, day: date) -> list[Life]:
    """The checks of a day; on days off only complaints are looked into."""
    rng = dice(town, "market_inspection", day)
    works = office.is_workday(day)
    count = poisson(rng, (4.6 if works else 0.25) * town.crowd(day))
    moments = sorted(office.at_desk(rng, day) for _ in range(count))
    return [_life(rng, at, f"JC{day:%Y%m%d}{n:02d}", works) for n, at in enumerate(moments, 1)]


def _life(rng: random.Random, at: datetime, number: str, works: bool) -> Life:
    community, _ = somewhere(rng)
    domain, kind = weighted(rng, DOMAINS), weighted(rng, KINDS) if works else "03"
    result = weighted(rng, RESULTS)
    finding = rng.choice(FINDINGS[domain]) if result in ("2", "3") else None
    pen = Pen(at, "更新时间", 办理状态="已检查", 检查时间=AT, 检查结果=result)
    _go_on(rng, pen, result)
    shop = people.place(rng, community, "shop")
    private = rng.random() < 0.6
    owner = people.caller(rng, community).name
    inspectors = rng.sample(range(9), 2)
    quarter = f"{at.year}年第{'一二三四'[(at.month - 1) // 3]}季度"
    return pen.life(
        检查编号=number,
        任务名称=f"{quarter}{domain}{'抽查' if kind == '01' else '检查'}",
        检查方式=kind,
        检查领域=domain,
        检查对象=owner if private else f"南京{shop.split('号')[-1]}有限公司",
        统一社会信用代码=f"92320117MA00{rng.randrange(10**6):06d}",
        主体类型="个体工商户" if private else "企业",
        经营地址=shop,
        社区编码=community.code,
        执法人员="、".join(people.person("市监执法", each).name for each in inspectors),
        发现问题数=rng.choice((1, 1, 2, 3)) if finding else 0,
        问题描述=finding,
    )


def _go_on(rng: random.Random, pen: Pen, result: str) -> None:
    checked = pen.at
    if result == "2":
        days = rng.choice((5, 7, 10, 15, 20))
        due = office.add_workdays(checked.date(), days)
        pen.step(checked + timedelta(minutes=30), 办理状态="整改中", 整改期限=due)
        at = office.later(rng, checked, max(1, days - 3), days + 3)
        done = rng.random() < 0.93
        pen.step(at, 办理状态="已复查" if done else "转立案", 复查时间=AT, 是否整改到位=done)
    shown = office.later(rng, pen.at, 3, 15)
    pen.step(shown, 办理状态="已公示", 公示日期=shown.date())
