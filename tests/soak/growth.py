"""What a moment of a soak measured, and whether a window grew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

DAY = 2880  # half minutes of a day
NAMES = ("heap", "nodes", "listeners")
WARM = 0.1  # of a run, before what is grown from is measured: engines compile, caches fill
AT_ENDS = 3  # samples whose median is a value: one heap is a little more or less by chance
MOST = 0.10


@dataclass(frozen=True, slots=True)
class Sample:
    """What one moment of the soak measured after a collection; the heap in MB."""

    ticks: int
    heap: float
    nodes: int
    listeners: int


def ends(samples: Sequence[Sample], name: str) -> tuple[float, float] | None:
    """A value after warm-up and at the end; None when too few samples were taken."""
    last = max((one.ticks for one in samples), default=0)
    warm = [float(getattr(one, name)) for one in samples if one.ticks >= WARM * last]
    if len(warm) < 2 * AT_ENDS:
        return None
    return median(warm[:AT_ENDS]), median(warm[-AT_ENDS:])


def grown(samples: Sequence[Sample], where: str) -> list[str]:
    """What grew by more than a tenth from the warmed-up beginning to the end."""
    return list(_grown(samples, where))


def _grown(samples: Sequence[Sample], where: str) -> Iterator[str]:
    for name in NAMES:
        found = ends(samples, name)
        if found is None:
            yield f"{where}: too few samples of {name} were taken ({len(samples)})"
            continue
        first, last = found
        said = f"{where}: {name} {first:.1f} to {last:.1f} ({(last / first - 1) * 100:+.1f} %)"
        print(said)
        if last > first * (1 + MOST):
            yield f"{said}, more than {MOST * 100:.0f} %"
