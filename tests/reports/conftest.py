"""One week of invented figures: those of the reference pictures where these give any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from config import periods
from dashboard.reports import figures as f
from dashboard.reports.content import Report
from dashboard.reports.weekly import compose
from layouts.report import load_report

TODAY = date(2026, 9, 28)
PLACES = (
    "清泉社区 梅岗社区 仙桥社区 兰台社区 春和社区 苇荡社区 鹭汀社区 丰乐社区 "
    "桑榆村 禾丰村 松涧村 渔浦村"
)
CLASSES = (
    ("0401", "噪声污染", 11, 9, 8),
    ("0501", "物业管理", 9, 11, 12),
    ("0601", "市容环境", 8, 12, 10),
    ("0603", "停车秩序", 7, 6, 9),
    ("0503", "市政设施", 6, 8, 7),
    ("0504", "公用事业", 5, 5, 3),
    ("0502", "房屋管理", 5, 4, 6),
    ("0101", "劳动保障", 4, 6, 2),
    ("0801", "消费维权", 4, 5, 4),
    ("1001", "农业生产", 3, 4, 5),
    ("0902", "消防安全", 3, 3, 3),
    ("1102", "政务服务", 1, 2, 2),
)
GAUGES = (
    ("石臼湖", "蛇山站", 9.74, 9.58, 9.62, 9.51, 9.80, 10.40, 12.50, 6.5, True),
    ("石臼湖", "西圩站", 9.70, 9.55, 9.60, 9.50, 9.80, 10.40, 12.50, 7.0, False),
    ("胭脂河", "胭脂河口站", 9.66, 9.50, 9.58, 9.47, 9.70, 10.30, 12.30, 6.0, False),
    ("胭脂河", "天生桥站", 10.02, 9.71, 9.80, 9.69, 9.90, 10.60, 12.40, 8.5, False),
    ("新桥河", "新桥站", 8.91, 8.60, 8.66, 8.70, 9.00, 9.50, 10.80, 9.0, False),
    ("新桥河", "蒲塘站", None, None, None, None, 8.80, 9.30, 10.50, None, False),
)
TREND = (74, 69, 77, 81, 72, 70, 75, 66)


def hotline() -> f.Hotline:
    share = [9, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 2]
    first = date(2026, 8, 3)
    return f.Hotline(
        received=f.Count(66, 75, 71),
        closed=f.Count(64, 70, 69),
        on_time=f.Rate(f.Pair(68, 72), f.Pair(77, 81), f.Pair(66, 71)),
        response=f.Rate(f.Pair(58, 60), f.Pair(60, 62), f.Pair(55, 58)),
        resolution=f.Rate(f.Pair(50, 55), f.Pair(49, 56), f.Pair(44, 50)),
        satisfaction=f.Rate(f.Pair(47, 52), f.Pair(50, 55), f.Pair(43, 49)),
        days=f.Count(3.42, 3.66, 4.01),
        repeat=f.Rate(f.Pair(5, 66), f.Pair(6, 75), f.Pair(4, 71)),
        overdue=f.Count(3, 4, 5),
        flow=f.Flow(31, 66, 64, 2, 31),
        classes=tuple(f.Part(key, name, f.Count(*n)) for key, name, *n in CLASSES),
        repeat_classes=(
            f.Part("040102", "噪声扰民", f.Count(3)),
            f.Part("", "楼道堆物", f.Count(2)),
        ),
        places=tuple(
            f.Place(name, f.Count(n, n + 1, n), f.Pair(n, n + 1), 2, int(n > 7))
            for name, n in zip(PLACES.split(), share, strict=True)
        ),
        weeks=tuple(
            f.Week(
                f"{32 + n}周",
                first + timedelta(weeks=n),
                first + timedelta(weeks=n, days=6),
                value,
                ("中秋",) if n == 7 else (),
            )
            for n, value in enumerate(TREND)
        ),
        per_workday=f.Count(12.5, 11.7),
        overdue_list=tuple(
            f.Matter(
                f"NJ2026090{n}00012{n}",
                "噪声扰民",
                "清泉社区",
                "城管中队",
                datetime(2026, 9, 20 + n, 17, 30),
            )
            for n in range(3)
        ),
        due_next=((date(2026, 9, 29), 6), (date(2026, 9, 30), 4)),
    )


def line(key: str, counts: tuple[int, int], flow: f.Flow, now: f.Pair, year: f.Pair) -> f.Line:
    months = tuple(f.Month(f"{n}月", 9 + n % 3, 9 + n % 3 if n < 8 else 5) for n in range(1, 10))
    return f.Line(
        key=key,
        accepted=f.Count(counts[0], counts[0] + 1, counts[0]),
        closed=f.Count(counts[1], counts[1], counts[1]),
        flow=flow,
        year_rate=f.Rate(now, f.Pair(), year),
        success=f.Pair(now.num, (now.num or 0) + 2),
        days=f.Count(11.5 if key == "centre" else 6.2),
        months=months,
        types=(f.Part("02", "邻里", f.Count(2)), f.Part("13", "物业", f.Count(1))),
        due_next=((date(2026, 9, 30), 1),) if key == "centre" else (),
        overdue=1 if key == "centre" else 0,
    )


@pytest.fixture(scope="session")
def figures() -> f.Figures:
    period = periods.parse("2026-W39", TODAY)
    return f.Figures(
        period=period,
        before=periods.previous(period, TODAY),
        year=periods.last_year(period, TODAY),
        until=datetime(2026, 9, 28),
        finished=True,
        hotline=hotline(),
        mediation=f.Mediation(
            lines=(
                line("centre", (3, 2), f.Flow(24, 3, 2, 0, 25), f.Pair(64, 88), f.Pair(62, 96)),
                line("unit", (4, 5), f.Flow(6, 4, 5, 0, 5), f.Pair(136, 141), f.Pair(121, 131)),
            ),
            links=(("警调", 2), ("诉调", 1), ("访调", 1), ("专调", 1)),
            overdue_list=(
                f.Matter(
                    "HLTJ2026-0077", "调处·邻里", "梅岗社区", "洪蓝法庭", datetime(2026, 9, 18)
                ),
            ),
        ),
        flood=f.Flood(
            gauges=tuple(
                f.Gauge(
                    name=name,
                    river=river,
                    highest=high,
                    highest_at=None if high is None else datetime(2026, 9, 23, 8),
                    lowest=low,
                    last=last,
                    last_at=None if last is None else datetime(2026, 9, 27, 23, 55),
                    start=start,
                    patrol=patrol,
                    warning=warning,
                    guarantee=guarantee,
                    rain=rain,
                    lead=lead,
                )
                for river, name, high, low, last, start, patrol, warning, guarantee, rain, lead in (
                    GAUGES
                )
            ),
            over_warning=f.Count(0, 0, 0),
            near_margin=0.5,
            datum="吴淞",
            warnings=(f.WeatherWarning("暴雨", "蓝", datetime(2026, 9, 22, 6), None, False),),
            warm=29.4,
            cold=17.8,
        ),
        feeds=tuple(
            f.Feed(name, datetime(2026, 9, 28, 8), True)
            for name in ("12345热线", "矛盾调处", "水位雨量", "气象")
        ),
        calendar=f.Calendar(
            workdays=4,
            workdays_before=6,
            days_off=(("中秋", 3),),
            worked=(),
            next_first=date(2026, 9, 28),
            next_last=date(2026, 10, 4),
            next_days_off=(("国庆节", tuple(date(2026, 10, n) for n in range(1, 5))),),
            next_worked=(),
            next_workdays=3,
            next_known=True,
        ),
        bases=tuple(
            f.Basis(metric, "1", name, basis, datetime(2026, 9, 28, 8))
            for metric, name, basis in (
                (
                    "hotline_received",
                    "热线受理量",
                    "统计期内街道收到的12345工单数，含后来并单、退单的",
                ),
                (
                    "hotline_on_time_rate",
                    "热线按时办结率",
                    "办理时限在统计期内的工单中按时办结的比例",
                ),
                ("hotline_overdue", "热线超期在办", "期末未了结且已过办理时限的工单数"),
                ("mediation_completion_rate", "调解完结率", "统计期内受理的纠纷中已经完结的比例"),
                ("gauge_over_warning", "超警戒站数", "期末水位达到或超过警戒水位的测站数"),
            )
        ),
        site_name="智慧洪蓝指挥中心",
        street="洪蓝街道",
        demo=True,
        as_of=datetime(2026, 9, 28, 8),
        generation=7,
    )


@pytest.fixture(scope="session")
def report(figures: f.Figures) -> Report:
    return compose(figures, load_report("weekly"))


@pytest.fixture(scope="session")
def written(figures: f.Figures) -> Callable[..., Report]:
    """Compose a report from the week with some of its figures replaced."""

    def write(**changes: object) -> Report:
        return compose(replace(figures, **changes), load_report("weekly"))

    return write
