"""The hotline's orders: what its list interface shows of each at a moment.

An order is visible from its receipt on, with only the steps that have happened; its update time
moves with every step.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from config.site import load_site
from demo.calls import Call, calls_on
from demo.order_life import Step, steps_of
from demo.town import Town

Record = dict[str, object]
SPAN = 110  # days: twice worked over, each time extended, and long late

TAGS = {"010101": "欠薪", "020103": "涉学", "050403": "燃气", "090201": "消防", "080103": "食品"}
_EMPTY = (
    "dfnr", "zbdw", "pdsj", "qssx", "qssj", "lxsj", "blsx", "ysblsx", "bjsj", "bjfs", "hfsj",
    "sfxy", "sfjj", "myd", "bdbh", "tsyy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its call and the moments of its steps; the steps are drawn again when read."""

    call: Call
    merged_into: str | None
    seed: int
    times: tuple[datetime, ...]

    @property
    def ends(self) -> datetime:
        """When it changes for the last time."""
        return self.times[-1]

    @property
    def steps(self) -> list[Step]:
        """The whole life, also what has not happened yet."""
        return steps_of(self.call, self.seed, self.merged_into)

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was last changed as of now; None before it was received."""
        seen = bisect_right(self.times, now)
        return self.times[seen - 1] if seen else None

    def row(self, now: datetime) -> Record:
        """The order as the interface gives it at this moment."""
        seen = self.steps[: bisect_right(self.times, now)]
        record = _as_taken(self.call)
        flow = []
        for number, step in enumerate(seen, 1):
            at = step.at.isoformat()
            for key, value in step.sets.items():
                record[key] = at if value == "@" else value
            flow.append(
                {
                    "xh": str(number),
                    "cz": step.action,
                    "yzt": step.before,
                    "xzt": step.after,
                    "dw": step.unit,
                    "sj": at,
                    "bz": step.note,
                }
            )
        record["gdzt"] = seen[-1].after
        record["gxsj"] = seen[-1].at.isoformat()
        record["lz"] = flow
        return record


def orders_on(town: Town, day: date) -> list[Order]:
    """The orders received on a day, with their whole lives."""
    found = []
    for call in calls_on(town, day):
        main = _main_order(town, call) if call.fate == "merge" else None
        if main is not None:
            call = _like(call, main)
        merged_into = main.number if main else None
        steps = steps_of(call, town.seed, merged_into)
        found.append(Order(call, merged_into, town.seed, tuple(step.at for step in steps)))
    return found


@lru_cache(maxsize=1)
def _class_names() -> dict[str, str]:
    return {each.code: each.name for each in load_site().hotline_classes if len(each.code) == 6}


def _main_order(town: Town, call: Call) -> Call | None:
    """The earlier order that this one repeats: same class in the ten days before, else any."""
    earlier: list[Call] = []
    for back in range(1, 11):
        day = call.received.date() - timedelta(days=back)
        if day >= town.first:
            earlier += [c for c in calls_on(town, day) if c.fate == "normal"]
    same = [c for c in earlier if c.code == call.code]
    pick = same or earlier
    return pick[int(call.number[-6:]) % len(pick)] if pick else None


def _like(call: Call, main: Call) -> Call:
    """A repeat is about the same matter at the same place as its main order."""
    return replace(
        call,
        code=main.code,
        community=main.community,
        grid=main.grid,
        title=f"再次反映{main.title}",
        content=main.content,
        unit=main.unit,
        reply=main.reply,
        ask=main.ask,
    )


def _as_taken(call: Call) -> Record:
    record: Record = dict.fromkeys(_EMPTY)
    record |= {
        "gdbh": call.number,
        "sljb": call.level,
        "slqd": call.channel,
        "sqlx": call.ask,
        "sqfl": call.code,
        "sqflmc": _class_names().get(call.code, call.code),
        "ztlx": call.subject,
        "bt": call.title,
        "nr": call.content,
        "sqr": call.name,
        "lxdh": call.phone,
        "dz": call.address,
        "sqbm": call.community,
        "wgbm": call.grid,
        "jjcd": call.urgency,
        "sfbm": "1" if call.secret else "0",
        "slsj": call.received.isoformat(),
        "cbcs": "0",
        "sfts": "0",
        "bq": TAGS.get(call.code),
    }
    return record
