"""Like-for-like comparisons as word, figure and change: per cent for counts, points for rates."""

from __future__ import annotations

from dashboard import wording
from dashboard.pages.reading import Pair

Line = tuple[str, str, str]


def signed(moved: float | None, unit: str = "", digits: int = 1) -> str:
    """+0.6, −2.1, 持平; a true minus sign, no judgement."""
    if moved is None:
        return ""
    if abs(moved) < 0.05:
        return "持平"
    shown = wording.fixed(abs(moved), digits)
    return f"{'+' if moved > 0 else '−'}{shown}{unit}"


def count(name: str, now: float | None, before: float | None) -> Line:
    """上期 62 +12.9 %; small counts in cases: 上期 6 +3."""
    if before is None or now is None:
        return name, wording.NONE, ""
    if min(now, before) < wording.SMALL_N:
        return name, wording.count(before), signed(now - before, "", 0)
    return name, wording.count(before), signed(wording.change(now, before), " %")


def rate(name: str, now: Pair, before: Pair) -> Line:
    """上期 96.2 % +0.6, in percentage points; few cases: 上期 7/8 and no change."""
    few = not now[1] or wording.is_small(now[1]) or wording.is_small(before[1])
    moved = None if few else wording.points(now, before)
    return name, wording.rate(*before), signed(moved, "", 1) if moved is not None else ""


def length(name: str, now: float | None, before: float | None) -> Line:
    """上期 3.2 +0.4, in days."""
    moved = None if now is None or before is None else float(wording.fixed(now - before, 1))
    return name, wording.fixed(before, 1), signed(moved)
