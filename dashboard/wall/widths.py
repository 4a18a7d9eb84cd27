"""How cells side by side share a width: by their shares, but each gets what its words need."""

from __future__ import annotations

from collections.abc import Sequence


def shared_out(width: float, shares: Sequence[float], needs: Sequence[float]) -> list[float]:
    """Widths by shares; a cell that needs more takes it from those that need less.

    Where all together need more than there is, the longest give way to the short ones, whose
    words would be nothing when cut.
    """
    if sum(needs) >= width:
        return _levelled(width, needs)
    whole = sum(shares)
    given = [width * share / whole for share in shares]
    lacks = [max(0.0, need - one) for need, one in zip(needs, given, strict=True)]
    spare = [max(0.0, one - need) for need, one in zip(needs, given, strict=True)]
    if not sum(lacks):
        return given
    lent = sum(lacks) / sum(spare)
    return [one + lack - free * lent for one, lack, free in zip(given, lacks, spare, strict=True)]


def _levelled(width: float, needs: Sequence[float]) -> list[float]:
    """What each needs up to one level, the same for all that need more."""
    left, cells = width, len(needs)
    for need in sorted(needs):
        level = left / cells
        if need > level:
            return [min(one, level) for one in needs]
        left, cells = left - need, cells - 1
    return list(needs)
