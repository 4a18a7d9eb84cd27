"""Facts for every panel of the wall: a full day, nothing at all, one row of each."""

import math
from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.panels import (
    district_map,
    hotline_trend,
    level_curve,
    link_clock,
    masthead,
    mediation_lines,
    nearest_level,
    on_time_rate,
    open_matters,
    other_stations,
    overdue,
    platform_lamps,
    posts,
    rain,
    received_today,
    revisit_rates,
    ribbon,
    scene,
    top_classes,
    warnings,
)
from dashboard.source import Data
from dashboard.wall import frame
from dashboard.wall.terrain import load_terrain
from dashboard.wall.water import Limits, StationNow, by_urgency, rank_of
from layouts.wall import load_profiles, load_scene
from tests import fresh
from tests.dashboard.wall.watch_post import MINUTE, NOON, WatchPost

NOW = datetime(2026, 9, 29, 16, 40)
HOUR = timedelta(hours=1)


class Unpublished:
    """A site that has not published anything, with its case store."""

    def __init__(self, store):
        self.store, self.platforms = store, {}
        self.thresholds, self.site, self.reader = load_thresholds(), load_site(), self

    def current(self):
        return None


def stations_of(thresholds):
    """Every configured station; the fifth stands above 设防, the seventh is silent."""
    found = []
    for number, one in enumerate(thresholds.stations):
        at = thresholds.levels_at(one.code, NOW.date())
        limits = Limits(at.patrol, at.warning, at.guarantee, at.record)
        level = round(at.warning - (0.42 if number == 4 else 0.7 + 0.13 * number), 2)
        silent = number == 6
        found.append(
            StationNow(
                one.code,
                one.name,
                level,
                NOW - (5 * HOUR if silent else timedelta(minutes=4)),
                round(0.01 * (number % 4) - 0.01, 2),
                limits,
                rank_of(level, limits, thresholds.near_margin(one)),
                0.2,
                3.1,
                silent,
                5 * HOUR if silent else None,
            )
        )
    return found


def matter(hours, kind="道路积水", dispute=False):
    return open_matters.Matter(
        hours * HOUR, kind, "柳圩", "建管中心", "12345热线", "办理中", dispute
    )


def lamp(name, state):
    return platform_lamps.PlatformLamp(
        name, state, "16:19", "23 分", "1 时", "区气象局", 98, 2 if state == "failed" else 0
    )


@pytest.fixture
def town(site_files, tmp_path, monkeypatch):
    """The watch post of an installation with files of its own."""
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    fresh.store().close()
    data = Data(tmp_path)
    made = WatchPost(data)
    made.files = site_files
    with clock.frozen(NOON + 20 * MINUTE):
        yield made
    data.close()
    data.store.close()


@pytest.fixture(scope="session")
def full():
    """A full day of every panel."""
    thresholds, site = load_thresholds(), load_site()
    stations = stations_of(thresholds)
    top = by_urgency(stations)[0]
    days = tuple(date(2026, 8, 30) + timedelta(days=k) for k in range(30))
    counts = tuple(int(12 + 6 * math.sin(k)) for k in range(30))
    placed = tuple(
        district_map.CommunityCount(one.code, one.name, 4 + 3 * number)
        for number, one in enumerate(site.communities)
    )
    times = tuple(NOW - timedelta(minutes=15 * k) for k in range(96, -1, -1))
    hours = tuple(NOW.replace(minute=0) - k * HOUR for k in range(23, -1, -1))
    return {
        "masthead": masthead.Facts(site.name, True),
        "scene": scene.Facts("运行总览", NOW.date(), "中雨", 21.4, NOW - timedelta(minutes=5)),
        "ribbon": ribbon.Facts(4, "水位超设防", f"{top.name} {top.level_m} m", "距警戒 0.42 m", 2),
        "warnings": warnings.Facts(
            (warnings.Warning("暴雨", 4, "14:20 发布"), warnings.Warning("大风", 4, "9:00 发布")),
            0,
            12,
        ),
        "posts": posts.Facts(site.duty_leader, site.seats, site.switchboard),
        "link_clock": link_clock.Facts(3, 4),
        "received_today": received_today.Facts(186, 171, "上周二同时段", 198, 47),
        "on_time_rate": on_time_rate.Facts(359, 365, 340, 348),
        "overdue": overdue.Facts(1, 9, 47, 61, 186, 198, 2),
        "hotline_trend": hotline_trend.Facts(
            days, counts, hotline_trend.seven_day_mean(counts), 14
        ),
        "revisit_rates": revisit_rates.Facts(
            (
                revisit_rates.Rate("响应率", 318, 321, 0.98),
                revisit_rates.Rate("解决率", 262, 286, 0.90),
                revisit_rates.Rate("满意率", 273, 289, 0.92),
            )
        ),
        "top_classes": top_classes.Facts(
            tuple(
                top_classes.ClassCount(name, now, before)
                for name, now, before in (
                    ("噪声扰民", 62, 55),
                    ("占道经营", 51, 53),
                    ("物业服务", 44, 44),
                    ("道路积水", 38, 21),
                    ("违章搭建", 27, None),
                )
            ),
            401,
        ),
        "mediation_lines": mediation_lines.Facts(
            (
                mediation_lines.Line("中心牵头", 65, 90, "件次", (71, 112)),
                mediation_lines.Line("常轮随驻", 139, 143, "起", (151, 170)),
            ),
            "本年1—9月",
            "社保中心",
            4,
        ),
        "nearest_level": nearest_level.Facts(top, 0, len(stations)),
        "level_curve": level_curve.Facts(
            top.name,
            "吴淞",
            top.limits,
            times,
            tuple(round(top.level_m - 0.2 + 0.2 * k / 96, 3) for k in range(97)),
            top.rank,
        ),
        "other_stations": other_stations.Facts(tuple(by_urgency(stations)[1:])),
        "rain": rain.Facts(
            2.4,
            31.0,
            25,
            40,
            hours,
            tuple(0.0 if k < 9 else k / 5 for k in range(24)),
            "松涧水库站",
            27.0,
            21.4,
            86,
            3.2,
            "东北风",
            "中雨",
        ),
        "platform_lamps": platform_lamps.Facts(
            (
                lamp("12345热线", "fresh"),
                lamp("矛盾调处", "failed"),
                lamp("水位雨量", "stale"),
                lamp("气象", "late"),
            )
        ),
        "open_matters": open_matters.Facts(
            (matter(-2.1), matter(0.8), *(matter(5 * k, dispute=k > 4) for k in range(1, 12))),
            47,
            12,
        ),
        "district_map": district_map.Facts(
            load_terrain(site),
            placed,
            tuple(
                district_map.StationPlace(one, (at.lng, at.lat))
                for one, at in zip(stations, thresholds.stations, strict=True)
            ),
            3,
            True,
        ),
    }


@pytest.fixture(scope="session")
def empty(full):
    """Nothing has happened and nothing is known."""
    terrain = full["district_map"].terrain
    none = (None,) * 4
    return full | {
        "masthead": masthead.Facts("智慧洪蓝指挥中心", False),
        "scene": scene.Facts("运行总览", NOW.date(), None, None, None),
        "ribbon": ribbon.Facts(None, "", calm=("各站水位均低于设防", "无生效气象预警")),
        "warnings": warnings.Facts((), 0, 0),
        "link_clock": link_clock.Facts(0, 0),
        "received_today": received_today.Facts(0, None, "上周二同时段", 0, 0),
        "on_time_rate": on_time_rate.Facts(0, 0, None, None),
        "overdue": overdue.Facts(0, 0, 0, 0, 0, 0, 0),
        "hotline_trend": hotline_trend.Facts((), (), (), 0),
        "revisit_rates": revisit_rates.Facts(
            tuple(revisit_rates.Rate(name, 0, 0) for name in ("响应率", "解决率", "满意率"))
        ),
        "top_classes": top_classes.Facts((), 0),
        "mediation_lines": mediation_lines.Facts((), "本年1—9月", None, 0),
        "nearest_level": nearest_level.Facts(None, 0, 0),
        "level_curve": level_curve.Facts(None, "", Limits(), (), ()),
        "other_stations": other_stations.Facts(()),
        "rain": rain.Facts(*none, (), (), *none, None, None, None),
        "platform_lamps": platform_lamps.Facts(()),
        "open_matters": open_matters.Facts((), 0, 0),
        "district_map": district_map.Facts(terrain, (), (), 0, False),
    }


@pytest.fixture(scope="session")
def single(full):
    """One row of everything."""
    one = full["other_stations"].stations[0]
    return full | {
        "hotline_trend": hotline_trend.Facts((date(2026, 9, 28),), (1,), (None,), 0),
        "revisit_rates": revisit_rates.Facts((revisit_rates.Rate("响应率", 3, 4, 0.98),)),
        "top_classes": top_classes.Facts((top_classes.ClassCount("噪声扰民", 1, 0),), 1),
        "mediation_lines": mediation_lines.Facts(
            (mediation_lines.Line("中心牵头", 1, 2, "件次"),), "本年至今", None, 0
        ),
        "level_curve": level_curve.Facts("蛇山站", "", Limits(warning=10.4), (NOW,), (9.74,)),
        "other_stations": other_stations.Facts((one,)),
        "platform_lamps": platform_lamps.Facts((lamp("12345热线", "off"),)),
        "open_matters": open_matters.Facts((matter(1),), 1, 0),
        "district_map": district_map.Facts(
            full["district_map"].terrain,
            full["district_map"].counts[:1],
            full["district_map"].stations[:1],
            0,
            False,
        ),
    }


@pytest.fixture(scope="session", params=sorted(load_profiles()))
def profile(request):
    """Every wall profile."""
    return load_profiles()[request.param]


@pytest.fixture(scope="session")
def rooms(profile):
    """The rooms of the panels on a profile."""
    return frame.rooms(profile, load_scene("overview"))
