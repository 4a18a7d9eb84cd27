"""Numbers as people read them: the one place that rounds, clamps, compares and words.

Rules: half-up rounding; a part that is not the whole never prints 100 %; nothing over nothing
is "—"; under ten cases only n/m; changes of counts in per cent, of rates in percentage points.
Source: GB/T 9704 usage and the counting rules of the street's statistics.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

NONE = "—"
NOTHING_COUNTED = "本期没有可计的件，放宽时段或筛选再看。"
SMALL_N = 10
_WEEKDAYS = "一二三四五六日"


def fixed(value: float | Decimal | None, digits: int = 0) -> str:
    """A number with a fixed count of decimals, rounded half up; no thousands separator."""
    if value is None:
        return NONE
    step = Decimal(1).scaleb(-digits)
    text = str(Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP))
    return text.removeprefix("-") if text.lstrip("-").strip("0.") == "" else text


def decimal(value: float | None, digits: int = 4) -> str:
    """A measured number with as many decimals as it has, at most so many: 4.2, 12345678."""
    if value is None:
        return NONE
    shown = fixed(value, digits)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


_MANY = 1_000_000  # from here on in 万, so that minutes of many cameras can be read


def count(value: float | None) -> str:
    """A number of cases; millions in ten thousands: 4525.9万."""
    if value is not None and abs(value) >= _MANY:
        return f"{fixed(value / 10_000, 1)}万"
    return fixed(value, 0)


def percent(numerator: float | None, denominator: float | None, digits: int = 1) -> str:
    """A rate in per cent without its sign: 139, 143 → "97.2"; clamped below 100 and above 0."""
    if not denominator or numerator is None:
        return NONE
    share = Decimal(str(numerator)) / Decimal(str(denominator)) * 100
    step = Decimal(1).scaleb(-digits)
    shown = share.quantize(step, rounding=ROUND_HALF_UP)
    if numerator < denominator and shown >= 100:
        shown = share.quantize(step, rounding=ROUND_DOWN)
    if numerator > 0 and shown <= 0:
        shown = step
    return str(shown)


def ratio(numerator: float | None, denominator: float | None) -> str:
    """The pair behind a rate: "139/143"."""
    if numerator is None or denominator is None:
        return NONE
    return f"{count(numerator)}/{count(denominator)}"


def is_small(denominator: float | None) -> bool:
    """Whether a rate stands on so few cases that only n/m may be shown."""
    return denominator is not None and 0 < denominator < SMALL_N


def rate(numerator: float | None, denominator: float | None, digits: int = 1) -> str:
    """A rate as shown: "97.2 %", "3/4" when small, "—" when nothing was counted."""
    if is_small(denominator):
        return ratio(numerator, denominator)
    shown = percent(numerator, denominator, digits)
    return shown if shown == NONE else f"{shown} %"


def change(now: float | None, before: float | None, digits: int = 1) -> float | None:
    """The relative change of a count in per cent; None when there was nothing before."""
    if now is None or not before:
        return None
    return float(fixed((now - before) / before * 100, digits))


def change_words(now: float | None, before: float | None, *, formal: bool = False) -> str:
    """上升 12.0 % / 下降 6.3 % / 持平; small numbers as 增加 3 件 are the caller's unit."""
    moved = change(now, before)
    space = "" if formal else " "
    if moved is None:
        return NONE
    if abs(moved) < 0.05:
        return "持平"
    return f"{'上升' if moved > 0 else '下降'}{space}{fixed(abs(moved), 1)}{space}%"


def difference_words(now: float | None, before: float | None, unit: str = "件") -> str:
    """增加 3 件 / 减少 2 件 / 持平, for small counts."""
    if now is None or before is None:
        return NONE
    moved = now - before
    if moved == 0:
        return "持平"
    return f"{'增加' if moved > 0 else '减少'} {count(abs(moved))} {unit}"


def points(
    now: tuple[float | None, float | None], before: tuple[float | None, float | None]
) -> float | None:
    """The change of a rate in percentage points, from two (numerator, denominator) pairs."""
    if not now[1] or not before[1] or now[0] is None or before[0] is None:
        return None
    return float(fixed((now[0] / now[1] - before[0] / before[1]) * 100, 1))


def points_words(
    now: tuple[float | None, float | None],
    before: tuple[float | None, float | None],
    *,
    formal: bool = False,
) -> str:
    """提高 0.6 个百分点 / 降低 1.2 个百分点 / 持平."""
    moved = points(now, before)
    space = "" if formal else " "
    if moved is None:
        return NONE
    if abs(moved) < 0.05:
        return "持平"
    return f"{'提高' if moved > 0 else '降低'}{space}{fixed(abs(moved), 1)}{space}个百分点"


def arrow(moved: float | None) -> str:
    """▲ or ▼ with the size of a change, 持平 for none; direction only, no judgement."""
    if moved is None:
        return NONE
    if moved == 0:
        return "持平"
    return f"{'▲' if moved > 0 else '▼'} {fixed(abs(moved), 0 if moved == int(moved) else 1)}"


def shares(parts: list[float], digits: int = 1) -> list[str]:
    """Per cents of one whole that add up to exactly 100 (largest remainder)."""
    total = sum(parts)
    if total <= 0:
        return [NONE for _ in parts]
    scale = 10**digits
    exact = [Decimal(str(part)) / Decimal(str(total)) * 100 * scale for part in parts]
    floors = [int(value) for value in exact]
    missing = 100 * scale - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for index in order[:missing]:
        floors[index] += 1
    return [fixed(Decimal(value) / scale, digits) for value in floors]


def age(span: timedelta | float | None) -> str:
    """How long ago, in words: 不到 1 分, 38 分, 3 时 12 分, 2 天 4 时."""
    if span is None:
        return NONE
    minutes = int((span.total_seconds() if isinstance(span, timedelta) else span) // 60)
    if minutes < 1:
        return "不到 1 分"
    if minutes < 60:
        return f"{minutes} 分"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} 时 {minutes} 分" if minutes else f"{hours} 时"
    days, hours = divmod(hours, 24)
    return f"{days} 天 {hours} 时" if hours else f"{days} 天"


def remaining(span: timedelta) -> str:
    """Time left or over as the wall writes it: 余 1:18, 超 2:05, 余 3 天, 超 12 天."""
    word = "超" if span < timedelta(0) else "余"
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 48 * 60:
        return f"{word} {minutes // 60}:{minutes % 60:02d}"
    return f"{word} {minutes // 1440} 天"


def day(value: date | None) -> str:
    """9月30日."""
    return NONE if value is None else f"{value.month}月{value.day}日"


def full_day(value: date | None) -> str:
    """2026年9月30日."""
    return NONE if value is None else f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """周三."""
    return f"周{_WEEKDAYS[value.weekday()]}"


def clock(value: datetime | None) -> str:
    """09:44."""
    return NONE if value is None else f"{value:%H:%M}"


def moment(value: datetime | None, today: date) -> str:
    """The time of data: 09:44 today, 9月28日 09:44 otherwise, with the year in another year."""
    if value is None:
        return NONE
    if value.date() == today:
        return clock(value)
    shown = full_day(value.date()) if value.year != today.year else day(value.date())
    return f"{shown} {clock(value)}"
