"""What a demo town can be like: six scenarios, each one declaration that all feeds consult.

A scenario says how many matters there are, how it rains and how far the water rises, which
platforms fail how and when, and what is wrong with what they send. It has an effect on the town
only through `Town` and `Stage`; no feed asks for a scenario by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Final, NamedTuple

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# how a platform is out of order
BUSY: Final = "busy"  # 503 with Retry-After
HANG: Final = "hang"  # takes the question and never answers
CUT: Final = "cut"  # the line breaks in the middle of the answer
SAME: Final = "same"  # the same answer again and again
GONE: Final = "gone"  # sends nothing: no line, no message, no file, no database
# what is wrong with what a platform sends
ADDED: Final = "added"  # a field that nobody has agreed on
RENAMED: Final = "renamed"  # a field under another name
CHANGED: Final = "changed"  # a value of another type; {} stands for what it was
WRONG: Final = "wrong"  # a value that cannot be
BEFORE: Final = "before"  # a time a day before the one it must follow, named by `value`
TWICE: Final = "twice"  # the row comes again
LATE: Final = "late"  # an older version comes after the newer one
AGAIN: Final = "again"  # the message is delivered once more
DAMAGED: Final = "damaged"  # a file breaks off in the middle; a whole one follows later
ENCODED: Final = "encoded"  # a text file in another encoding, named by `value`
GARBLED: Final = "garbled"  # a frame with a wrong check sum, sent again when it is not confirmed
DRIFT: Final = frozenset({RENAMED, CHANGED})  # what a person must mend before it can be read


@dataclass(frozen=True)
class Storm:
    """A night of rain on the first whole day: when, millimetres of each hour, how water answers."""

    at: time
    rain: tuple[float, ...]
    rise_from: int  # hours after it began
    rise: tuple[float, ...]  # share of the way to the crest at each hour from then on
    crest: Mapping[str, tuple[str, float]]  # by kind of station: above which limit, metres
    mm_a_call: float  # so much rain brings one more call to the hotline


class Outage(NamedTuple):
    """One platform out of order for a while, again and again."""

    platform: str
    how: str
    after: timedelta
    lasts: timedelta
    every: timedelta = 4 * HOUR


class Dirt(NamedTuple):
    """One thing that is wrong with what a platform sends on some days of the scenario."""

    how: str
    share: float = 1.0
    column: str = ""
    value: str = ""
    first: int = 1  # on the day of the beginning, 0, the history is loaded
    days: int = 7


class Soil(NamedTuple):
    """What is wrong with a platform's rows, which are told apart by these columns."""

    by: str
    dirt: tuple[Dirt, ...]


@dataclass(frozen=True, eq=False)
class Scenario:
    """One way to be; `opens` sets the clock to this time of the first whole day."""

    name: str
    title: str
    people: float = 1.0  # matters, where one is usual
    rain: float = 1.0
    storm: Storm | None = None
    opens: time | None = None
    outages: tuple[Outage, ...] = ()
    soil: Mapping[str, Soil] = field(default_factory=dict)


NIGHT = Storm(
    at=time(15),
    rain=(6, 10, 14, 16, 12, 26, 40, 42, 30, 22, 14, 9, 6, 4, 2),
    rise_from=4,
    rise=(0, 0.1, 0.3, 0.55, 0.8, 0.95, 1, 1, 0.97, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.15, 0),
    crest={
        "river": ("guarantee", 0.22),
        "lake": ("warning", 0.35),
        "reservoir": ("warning", 0.2),
    },
    mm_a_call=6.0,
)
OUTAGES = (
    Outage("hotline_12345", BUSY, 10 * MINUTE, 55 * MINUTE),
    Outage("linkage", HANG, 15 * MINUTE, 70 * MINUTE),
    Outage("grid_event", CUT, 5 * MINUTE, 90 * MINUTE),
    Outage("weather", SAME, 20 * MINUTE, 100 * MINUTE),
    Outage("gov_service", BUSY, 30 * MINUTE, 150 * MINUTE),
    Outage("camera_street", CUT, 40 * MINUTE, 60 * MINUTE),
    Outage("urban_case", GONE, 20 * MINUTE, 120 * MINUTE),
    Outage("gauge", GONE, 25 * MINUTE, 45 * MINUTE),
    Outage("pump_gate", GONE, 25 * MINUTE, 50 * MINUTE),
    Outage("police_110", GONE, 10 * MINUTE, 80 * MINUTE),
    Outage("mediation", GONE, 0 * HOUR, 5 * HOUR, every=12 * HOUR),
)
DIRTY_WEEK: Mapping[str, Soil] = {
    "hotline_12345": Soil("gdbh", (Dirt(ADDED, column="zxbz", value="在线"), Dirt(TWICE, 0.05),
                                   Dirt(LATE, 0.06))),
    "linkage": Soil("ldbh", (Dirt(TWICE, 0.06), Dirt(LATE, 0.05))),
    "grid_event": Soil("sjbh", (Dirt(CHANGED, column="jd", value="东经{}度", first=3, days=5),)),
    "urban_case": Soil("rec_id", (Dirt(BEFORE, 0.03, "archive_time", "create_time"),)),
    "whistle": Soil("sdbh", (Dirt(TWICE, 0.5),)),
    "mediation": Soil("案号", (Dirt(TWICE, 0.1), Dirt(LATE, 0.3), Dirt(DAMAGED, first=2, days=1))),
    "petition": Soil("信访编号", (Dirt(TWICE, 0.2), Dirt(DAMAGED, first=3, days=1))),
    "peoples_mediation": Soil("卷宗编号", (Dirt(BEFORE, 0.2, "调结时间", "受理时间"),)),
    "police_110": Soil("jqbh", (Dirt(AGAIN, 0.2), Dirt(LATE, 0.08))),
    "land_watch": Soil("tbbh", (Dirt(WRONG, 0.3, "mj", "-35.0"),)),
    "gauge": Soil("", (Dirt(GARBLED, 0.03),)),
    "pump_gate": Soil("STCD TM", (Dirt(AGAIN, 0.1), Dirt(WRONG, 0.02, "PMPQ", "-1.00"))),
    "flood_supplies": Soil("", (Dirt(DAMAGED),)),
    "weather": Soil("obsTime", (Dirt(TWICE, 0.05), Dirt(CHANGED, 0.02, "temp", "{}度"))),
    "camera_street": Soil("gbDeviceId", (Dirt(WRONG, 0.05, "gbStatus", "UNKNOWN"),)),
    "camera_district": Soil("gbDeviceId", (Dirt(RENAMED, column="gbStatus", value="onlineStatus",
                                                first=4, days=4),)),
    "enforcement": Soil("ah", (Dirt(BEFORE, 0.1, "jasj", "xssj"), Dirt(TWICE, 0.1))),
    "market_inspection": Soil("检查编号", (Dirt(DAMAGED, first=2, days=2),)),
    "safety_hazard": Soil("yhbh", (Dirt(TWICE, 0.1), Dirt(LATE, 0.1))),
    "environment": Soil("zdbh jcsj", (Dirt(ADDED, column="sbzt", value="正常"), Dirt(TWICE, 0.05))),
    "straw_fire": Soil("bjbh", (Dirt(AGAIN, 0.5), Dirt(ADDED, column="ldfx", value="东"))),
    "iot_device": Soil("sbbh sj", (Dirt(AGAIN, 0.1), Dirt(CHANGED, 0.01, "xh", "强"))),
    "population_stat": Soil("SQDM", (Dirt(ENCODED, value="utf-8-sig"),)),
    "civil_affairs": Soil("ywbh", (Dirt(TWICE, 0.1), Dirt(LATE))),
    "gov_service": Soil("bjbh", (Dirt(RENAMED, column="slsj", value="slrq", first=5, days=3),)),
}  # fmt: skip
USUAL = Scenario("usual", "平常")
SCENARIOS: Final[Mapping[str, Scenario]] = {
    each.name: each
    for each in (
        USUAL,
        Scenario("calm", "平静", people=0.5, rain=0.0),
        Scenario("busy", "繁忙", people=2.2),
        Scenario("flood-night", "汛夜", people=1.2, storm=NIGHT, opens=time(18, 50)),
        Scenario("platform-outage", "平台中断", outages=OUTAGES),
        Scenario("dirty-week", "脏数据周", soil=DIRTY_WEEK),
    )
}
