"""Cases of the enforcement brigade: one to five a day, most by the simple procedure."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import NamedTuple

from demo import office, people
from demo.dice import dice, moment, poisson, somewhere, weighted
from demo.lives import Life, Pen, Row
from demo.town import Town

SPAN = 300  # a review or a lawsuit ends months after the case


class Cause(NamedTuple):
    """What may be punished: domain, code, words, law, how often by the simple procedure, fines."""

    domain: str
    code: str
    words: str
    law: str
    simple: float
    least: int
    most: int


CAUSES = (
    (Cause("01", "0101", "占道经营", "江苏省市容环卫管理条例", 0.8, 50, 2000), 26.0),
    (Cause("01", "0102", "乱倒建筑垃圾", "城市建筑垃圾管理规定", 0.1, 500, 10000), 9.0),
    (Cause("01", "0103", "违法建设", "城乡规划法第六十五条", 0.0, 1000, 30000), 4.0),
    (
        Cause("01", "0104", "擅自设置户外广告", "江苏省市容环卫管理条例", 0.3, 200, 3000),
        7.0,
    ),
    (Cause("01", "0105", "生活垃圾未分类投放", "南京市生活垃圾管理条例", 0.85, 50, 200), 9.0),
    (Cause("02", "0201", "车辆遗洒飘散", "道路运输条例", 0.5, 200, 3000), 8.0),
    (Cause("02", "0202", "擅自占用挖掘公路", "公路法第七十六条", 0.0, 1000, 20000), 2.0),
    (Cause("03", "0301", "无照经营", "无证无照经营查处办法", 0.2, 200, 5000), 6.0),
    (Cause("03", "0302", "未按规定明码标价", "价格违法行为行政处罚规定", 0.6, 100, 3000), 4.0),
    (
        Cause("03", "0303", "小餐饮未备案", "江苏省小作坊和摊贩条例", 0.4, 200, 2000),
        5.0,
    ),
    (Cause("04", "0401", "违规使用禁用农药", "农药管理条例", 0.0, 500, 5000), 1.0),
    (Cause("05", "0501", "占用疏散通道", "消防法第六十条", 0.4, 200, 10000), 5.0),
    (Cause("06", "0601", "露天焚烧秸秆", "大气污染防治法119条", 0.7, 500, 2000), 3.0),
    (
        Cause("08", "0801", "工地扬尘防治不力", "大气污染防治法115条", 0.0, 10000, 60000),
        3.0,
    ),
)
SQUADS = (("一中队", 5.0), ("二中队", 5.0))
OFFICERS = 13
HANDED_OVER = ("91", "案件移送函", "5")  # state, paper, result
DROPPED = ("92", "撤案审批表", "6")
CONTESTED = (("1", 7.0), ("2", 1.0), ("3", 4.0), ("4", 1.0))  # upheld and corrected, by both ways
ORIGINS = (
    ("日常巡查", 52.0),
    ("12345转办", 18.0),
    ("数字城管", 14.0),
    ("网格上报", 8.0),
    ("部门移送", 8.0),
)


def cases_on(town: Town, day: date) -> list[Life]:
    """What was opened on one day."""
    rng = dice(town, "penalty", day)
    crowd = town.crowd(day)
    mean = (2.9 if office.is_workday(day) else 0.9) * crowd
    count = min(poisson(rng, mean), round(8 * crowd))
    found = sorted(moment(rng, day, 8, 19) for _ in range(count))
    return [
        _case(rng, at, f"溧洪综执〔{at.year}〕{at:%m%d}{n:02d}号") for n, at in enumerate(found, 1)
    ]


def _case(rng: random.Random, at: datetime, number: str) -> Life:
    community, _ = somewhere(rng)
    cause = weighted(rng, CAUSES)
    is_person = rng.random() < 0.66
    who = people.caller(rng, community)
    crew = rng.sample(range(OFFICERS), 2 if rng.random() < 0.8 else 3)
    officers = [people.person("officer", each).name for each in crew]
    where = people.place(rng, community, "site" if cause.domain == "08" else "road")
    fine = min(cause.most, round(cause.least * rng.uniform(1, 4) / 50) * 50 or 50)
    simple = rng.random() < cause.simple and fine <= (200 if is_person else 3000)
    pen = Pen(at, ajzt="10", fyss="0")
    paper = _Paper(rng, pen, officers)
    if simple:
        _on_the_spot(paper, fine)
    else:
        _in_full(paper, fine, with_review=fine >= 10000)
    _contested(pen)
    shop = f"{people.stem(community)}{rng.choice(people.SHOPS)}"
    return pen.life(
        ah=number, xsly=weighted(rng, ORIGINS), zfly=cause.domain, aybm=cause.code, ay=cause.words,
        fqsx=f"FQ{cause.code}", cxlx="1" if simple else "2", dsrlx="1" if is_person else "2",
        dsr=who.name if is_person else shop, zjhm=_paper_number(rng, is_person),
        lxdh=who.phone, wfdd=where, sqbm=community.code, wfss=f"当事人在{where}{cause.words}",
        cfyj=cause.law, cbzd=weighted(rng, SQUADS), zfry="、".join(officers), xssj=at,
        qgcjl=rng.random() < 0.985, lc=None,
    )  # fmt: skip


def _contested(pen: Pen) -> None:
    """Few decisions go to review or to court; most of them stand."""
    luck = _own_dice(pen, "contested")
    if not any("jdsj" in step.sets for step in pen.steps) or luck.random() > 0.03:
        return
    pen.step(pen.at + timedelta(days=luck.uniform(20, 70)), fyss=weighted(luck, CONTESTED))


def _own_dice(pen: Pen, what: str) -> random.Random:
    """Dice of its own for what is drawn of few cases: nothing else of the town changes by it."""
    return random.Random(f"{pen.steps[0].at} {what}")


def _paper_number(rng: random.Random, is_person: bool) -> str:
    """An invented identity or business number; its check digit is wrong on purpose."""
    if is_person:
        return f"320117{rng.randrange(1950, 2006)}00{rng.randrange(100000):05d}0"[:18]
    return f"92320117MA0{rng.randrange(10_000_000):07d}"


class _Paper:
    """Writes a step of the case and its line in the file."""

    def __init__(self, rng: random.Random, pen: Pen, officers: list[str]) -> None:
        self.rng, self.pen, self.officers = rng, pen, officers
        self._count = 0

    def write(self, at: datetime, state: str, code: str, paper: str, stamp: str = "") -> datetime:
        """One step; `stamp` is the field of the case that holds its moment."""
        self._count += 1
        done = self.pen.step(at, ajzt=state)
        sets: Row = {stamp: done} if stamp else {}
        line = f"{self._count}|{code}|{done.isoformat(sep=' ')}|{paper}|{self.officers[0]}"
        self.pen.steps[-1].sets.update(sets | {f"lc{self._count}": line})
        return done

    def later(self, least: int, most: int) -> datetime:
        """A moment at the desk so many workdays on."""
        day = office.add_workdays(self.pen.at.date(), self.rng.randrange(least, most + 1))
        return office.at_desk(self.rng, day)


def _on_the_spot(paper: _Paper, fine: int) -> None:
    """Seen, decided, served and mostly paid within the hour; filed with the organ in two days."""
    pen, rng = paper.pen, paper.rng
    at = pen.at + timedelta(minutes=rng.randrange(8, 40))
    paper.write(at, "75", "15", "当场处罚决定书", "jdsj")
    warned = fine <= 50
    pen.steps[-1].sets.update(lasj=pen.at, sdsj=pen.at, cljg="1" if warned else "2")
    if not warned:
        pen.steps[-1].sets.update(fkje=fine, jkqx=pen.at.date() + timedelta(days=15))
        paper.write(pen.at + timedelta(hours=rng.uniform(0.1, 200)), "80", "12", "缴款书", "jksj")
        pen.steps[-1].sets.update(yjje=fine)
    paper.write(paper.later(1, 2), "90", "13", "结案审批表", "jasj")
    pen.steps[-1].sets.update(gssj=pen.at)


def _in_full(paper: _Paper, fine: int, with_review: bool) -> None:
    """Filing to archive; nine in ten decided well within the 90 days."""
    pen, rng = paper.pen, paper.rng
    paper.write(pen.at + timedelta(hours=rng.uniform(1, 30)), "20", "01", "现场检查笔录")
    if rng.random() < 0.12:
        paper.write(paper.later(1, 3), "21", "02", "不予立案审批表")
        return
    filed = paper.write(paper.later(0, 4), "30", "02", "立案审批表", "lasj")
    due = filed.date() + timedelta(days=90)
    pen.steps[-1].sets.update(jdqx=due)
    paper.write(paper.later(1, 6), "40", "03", "询问笔录")
    slow = rng.random() < 0.05
    ends = paper.later(45, 62) if slow else paper.later(3, 24)
    paper.write(ends, "50", "04", "调查终结报告")
    if with_review:
        paper.write(paper.later(1, 4), "55", "05", "法制审核意见书")
        pen.steps[-1].sets.update(fzsh=True)
    paper.write(paper.later(1, 3), "60", "06", "行政处罚事先告知书", "gzsj")
    if with_review and rng.random() < 0.12:
        paper.write(paper.later(6, 9), "65", "08", "听证笔录")
    if rng.random() < 0.03:
        handed = _own_dice(pen, "handed over").random() < 0.4
        state, paper_name, result = HANDED_OVER if handed else DROPPED
        paper.write(paper.later(2, 5), state, "13", paper_name, "jasj")
        pen.steps[-1].sets.update(cljg=result)
        return
    paper.write(paper.later(6, 9), "70", "10", "行政处罚决定书", "jdsj")
    gain = round(fine * rng.uniform(0.2, 0.8)) if rng.random() < 0.08 else 0
    pen.steps[-1].sets.update(cljg="3" if gain else "2", fkje=fine, mswfsd=gain)
    paper.write(paper.later(0, 4), "75", "11", "送达回证", "sdsj")
    pay_due = pen.at.date() + timedelta(days=15)
    pen.steps[-1].sets.update(jkqx=pay_due, gssj=pen.at)
    late = rng.random() < 0.08
    days = rng.uniform(16, 40) if late else rng.uniform(0.2, 14)
    paper.write(pen.at + timedelta(days=days), "80", "12", "缴款书", "jksj")
    pen.steps[-1].sets.update(yjje=fine + gain)
    paper.write(paper.later(2, 10), "90", "13", "结案审批表", "jasj")
