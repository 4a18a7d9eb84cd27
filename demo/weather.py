"""What the weather service serves: readings of one station, and warnings with their ends.

Readings before the anchor come by the hour, from the anchor on every ten minutes. A few are
corrected an hour later, so that a reader sees a second version of the same reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from demo import sky
from demo.town import Town

STATION = "58238L"
CORRECTED = 8  # in a thousand readings
HOUR = timedelta(hours=1)
TEN = timedelta(minutes=10)
Record = dict[str, object]

# warning ranks by rain within hours, highest first (domain: 暴雨预警信号)
STORMS = ((3, 100.0, "红"), (3, 50.0, "橙"), (6, 50.0, "黄"), (12, 50.0, "蓝"))
RANKS = ("", "蓝", "黄", "橙", "红")


@dataclass(frozen=True, slots=True)
class Warning_:
    """One warning signal from its issue to its end."""

    number: str
    kind: str
    level: str
    issued: datetime
    expected_end: datetime
    ended: datetime
    summary: str


class Entry(NamedTuple):
    """One line of a listing: when it was updated, what it is; a reading has no warning."""

    updated: datetime
    name: str
    warning: Warning_ | None


def listing(town: Town, now: datetime, since: datetime) -> list[Entry]:
    """Everything whose latest version was made from `since` on, in the order of update."""
    found: list[Entry] = []
    moment = max(_step_down(town, since - 2 * HOUR), _start(town.first))
    while moment <= now:
        updated = _updated(moment, now)
        if updated is not None and updated >= since:
            found.append(Entry(updated, moment.isoformat(), None))
        moment += TEN if moment >= _start(town.anchor) else HOUR
    for number in range(max(since.year - 1, town.first.year), now.year + 1):
        for warning in warnings(town, number):
            updated = warning.ended if warning.ended <= now else warning.issued
            if since <= updated <= now:
                found.append(Entry(updated, warning.number, warning))
    found.sort(key=lambda entry: entry[:2])
    return found


def record(town: Town, entry: Entry, now: datetime) -> Record:
    """One entry of a listing as the interface gives it."""
    if entry.warning is not None:
        return _warning(entry.warning, now)
    return _observation(town, datetime.fromisoformat(entry.name), entry.updated)


def _step_down(town: Town, moment: datetime) -> datetime:
    anchor = _start(town.anchor)
    if moment < anchor:
        return moment.replace(minute=0, second=0, microsecond=0)
    return moment - timedelta(
        minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
    )


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _luck(moment: datetime) -> int:
    return (moment.toordinal() * 1440 + moment.hour * 60 + moment.minute) * 2654435761 % 1000


def _updated(moment: datetime, now: datetime) -> datetime | None:
    """When the reading of this moment was last changed as of now; None while it is not out."""
    luck = _luck(moment)
    out = moment + timedelta(minutes=2, seconds=luck % 50)
    if out > now:
        return None
    corrected = out + timedelta(minutes=61)
    return corrected if luck < CORRECTED and corrected <= now else out


def _observation(town: Town, moment: datetime, updated: datetime) -> Record:
    """The reading of this moment in the version of this update."""
    year = sky.year(town, moment.year)
    at = sky.hour_of_year(moment)
    temp = sky.celsius_between(year, at + moment.minute / 60)
    if _luck(moment) < CORRECTED and updated - moment < timedelta(minutes=30):
        temp = round(temp + 3.1, 1)  # the sensor stood in the sun; put right an hour later
    part = moment.minute / 60
    before = sky.rain_until(town, _hour_down(moment), 1)
    last_hour = before * (1 - part) + float(year.rain[at]) * part
    ahead = sky.rain_until(town, _hour_down(moment) + 6 * HOUR, 6)
    return {
        "kind": "obs",
        "stationId": STATION,
        "obsTime": moment.isoformat(),
        "temp": temp,
        "humidity": int(year.humidity[at]),
        "windSpeed": float(year.wind[at]),
        "windDir": sky.WINDS[int(year.direction[at])],
        "sky": sky.sky_word(float(year.cloud[at]), last_hour),
        "rain1h": round(last_hour, 1),
        "rain24h": round(sky.rain_until(town, _hour_down(moment), 24), 1),
        "next6hLow": round(ahead * 0.6, 1),
        "next6hHigh": round(ahead * 1.5, 1),
        "updateTime": updated.isoformat(),
    }


def _hour_down(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _warning(warning: Warning_, now: datetime) -> Record:
    over = warning.ended <= now
    return {
        "kind": "warn",
        "warnId": warning.number,
        "type": warning.kind,
        "level": warning.level,
        "issueTime": warning.issued.isoformat(),
        "endTime": (warning.ended if over else warning.expected_end).isoformat(),
        "state": "解除" if over else "发布",
        "text": warning.summary,
        "updateTime": (warning.ended if over else warning.issued).isoformat(),
    }


@lru_cache(maxsize=8)
def warnings(town: Town, number: int) -> tuple[Warning_, ...]:
    """All warnings of a year, numbered in the order of issue."""
    drafts = [*_storms(town, number), *_heat(town, number), *_fog_and_cold(town, number)]
    drafts.sort(key=lambda d: d.issued)
    return tuple(
        Warning_(f"LS{d.issued:%Y%m%d%H%M}{n:03d}", *_rest(d)) for n, d in enumerate(drafts, 1)
    )


def _rest(d: Warning_) -> tuple[str, str, datetime, datetime, datetime, str]:
    return d.kind, d.level, d.issued, d.expected_end, d.ended, d.summary


def _storms(town: Town, number: int) -> list[Warning_]:
    """A storm's warnings: each higher rank replaces the lower one and ends with the storm."""
    rain = sky.year(town, number).rain.tolist()
    found: list[Warning_] = []
    rank, until = 0, -1
    for h in range(12, len(rain)):
        reached = [w for hours, mm, w in STORMS if sum(rain[h - hours + 1 : h + 1]) >= mm]
        now_rank = RANKS.index(reached[0]) if reached else 0
        at = datetime(number, 1, 1) + (h + 1) * HOUR + timedelta(minutes=7)
        if now_rank > rank:
            if found and rank:
                found[-1] = _ended(found[-1], at)
            hours, mm = next((t, mm) for t, mm, word in STORMS if word == RANKS[now_rank])
            text = f"过去{hours}小时降雨量已达{mm:.0f}毫米以上，预计降雨仍将持续，请注意防范。"
            found.append(_draft("暴雨", RANKS[now_rank], at, at + 6 * HOUR, text))
            rank = now_rank
        if now_rank:
            until = h + 2
        elif rank and h >= until:
            found[-1] = _ended(found[-1], at)
            rank = 0
    return found


def _draft(kind: str, level: str, issued: datetime, end: datetime, text: str) -> Warning_:
    summary = f"洪蓝街道{kind}{level}色预警：{text}"
    return Warning_("", kind, level, issued, end, end, summary)


def _ended(w: Warning_, at: datetime) -> Warning_:
    return Warning_(w.number, w.kind, w.level, w.issued, w.expected_end, at, w.summary)


def _heat(town: Town, number: int) -> list[Warning_]:
    found = []
    day = date(number, 5, 20)
    while day < date(number, 9, 25):
        top = sky.warmest(town, day)
        if top >= 35:
            level, word = ("橙", 37) if top >= 37 else ("黄", 35)
            at = _start(day) + timedelta(hours=8, minutes=35)
            text = f"预计今天最高气温将升至{word}℃以上，请做好防暑降温。"
            found.append(_draft("高温", level, at, _start(day) + timedelta(hours=19), text))
        day += timedelta(days=1)
    return found


def _fog_and_cold(town: Town, number: int) -> list[Warning_]:
    year = sky.year(town, number)
    lows = year.temp.reshape(-1, 24).min(axis=1)
    still = year.wind.reshape(-1, 24)[:, :8].mean(axis=1)
    damp = year.humidity.reshape(-1, 24)[:, :8].mean(axis=1)
    found = []
    for n in range(2, len(lows)):
        day = date(number, 1, 1) + timedelta(days=n)
        if day.month not in (1, 2, 3, 10, 11, 12):
            continue
        if lows[n] <= 4 and lows[n - 2] - lows[n] >= 8:
            at = _start(day) - timedelta(hours=7, minutes=20)
            text = "受冷空气影响，预计48小时内最低气温下降8℃以上，请注意防寒。"
            found.append(_draft("寒潮", "蓝", at, _start(day) + timedelta(hours=20), text))
        if damp[n] >= 84 and still[n] <= 1.75:
            at = _start(day) + timedelta(hours=5, minutes=25)
            text = "预计未来6小时内将出现能见度小于500米的雾，请注意行车安全。"
            found.append(_draft("大雾", "黄", at, _start(day) + timedelta(hours=10), text))
    return found
