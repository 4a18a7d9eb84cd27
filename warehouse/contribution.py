"""Which communities, classes or units made a change: parts of two answers that add up exactly.

A count changed by the sum of what each key changed. A rate changed because keys became better or
worse (rate effect) and because more or fewer of the cases fell to the good ones (mix effect). Both
are taken at the middle of the two periods, so their sum over all keys is the change, with nothing
left over and without an order in which the effects would have to be taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Final

from warehouse.answer import MetricAnswer, Number, Point
from warehouse.metric import MetricDefinition

OTHER: Final = "other"
_OTHER_LABEL: Final = "其余"
_HALF: Final = Fraction(1, 2)
Pair = tuple[Number, Number]
_NO_CASES: Final[Pair] = (0, 0)


@dataclass(frozen=True)
class Part:
    """One key's share of a change: numerator and denominator of both periods and its effects.

    `effect` is `rate_effect` + `mix_effect`; a count has no mix. Of a rate they are shares of one:
    0.01 is a percentage point.
    """

    key: str
    label: str
    before: Pair
    after: Pair
    rate_effect: Fraction
    mix_effect: Fraction

    @property
    def effect(self) -> Fraction:
        """What this key added to the change."""
        return self.rate_effect + self.mix_effect


@dataclass(frozen=True)
class Contribution:
    """A change and its parts, the largest effect first; the effects add up to the change."""

    is_rate: bool
    before: Fraction
    after: Fraction
    parts: tuple[Part, ...]

    @property
    def change(self) -> Fraction:
        """After minus before."""
        return self.after - self.before


def contribution(
    metric: MetricDefinition, before: MetricAnswer, after: MetricAnswer
) -> Contribution | None:
    """Explain the change between two answers that were asked with the same `by` and filters.

    None where there is nothing to explain: a mean or a median does not add up, and a rate without
    cases in one of the periods has no change.
    """
    if not metric.has_parts or (metric.lines and before.value is None and after.value is None):
        return None
    is_rate = metric.kind == "rate"
    pairs = _with_rest(_pairs(before, is_rate=is_rate), _pairs(after, is_rate=is_rate))
    whole = _whole(before, is_rate=is_rate), _whole(after, is_rate=is_rate)
    if whole[0] is None or whole[1] is None:
        return None
    labels = {p.key: p.label for answer in (before, after) for p in answer.series}
    if is_rate:
        parts = _rate_parts(pairs, whole[0], whole[1])
        values = _share(*whole[0]), _share(*whole[1])
    else:
        parts = {
            key: (Fraction(now[0]) - Fraction(then[0]), Fraction(0))
            for key, (then, now) in pairs.items()
        }
        values = Fraction(whole[0][0]), Fraction(whole[1][0])
    found = [
        Part(key, labels.get(key, _OTHER_LABEL), *pairs[key], rate, mix)
        for key, (rate, mix) in parts.items()
    ]
    found.sort(key=lambda part: (-abs(part.effect), part.key))
    return Contribution(is_rate, *values, tuple(found))


def displayed(effects: Iterable[Fraction], digits: int = 1) -> list[Decimal]:
    """Effects rounded so that what is shown adds up to the rounded whole (largest remainder)."""
    exact: Sequence[Fraction] = [each * 10**digits for each in effects]
    floors = [each.numerator // each.denominator for each in exact]
    whole = sum(exact, Fraction(0)) + _HALF
    missing = whole.numerator // whole.denominator - sum(floors)
    order = sorted(range(len(exact)), key=lambda n: (floors[n] - exact[n], n))
    for n in order[:missing]:
        floors[n] += 1
    step = Decimal(1).scaleb(-digits)
    return [(each * step).quantize(step, rounding=ROUND_FLOOR) for each in map(Decimal, floors)]


def _pairs(answer: MetricAnswer, *, is_rate: bool) -> dict[str, Pair]:
    """Numerator and denominator by key, and what the series leaves out of the whole."""
    found = {point.key: _pair(point, is_rate=is_rate) for point in answer.series}
    whole = _whole(answer, is_rate=is_rate) or _NO_CASES
    rest = (
        whole[0] - sum(pair[0] for pair in found.values()),
        whole[1] - sum(pair[1] for pair in found.values()),
    )
    if any(rest):
        found[OTHER] = rest
    return found


def _pair(point: Point, *, is_rate: bool) -> Pair:
    if is_rate:
        return point.numerator or 0, point.denominator or 0
    return point.value or 0, 0


def _whole(answer: MetricAnswer, *, is_rate: bool) -> Pair | None:
    if is_rate:
        return (answer.numerator or 0, answer.denominator) if answer.denominator else None
    return (answer.value or 0, 0)


def _with_rest(
    before: Mapping[str, Pair], after: Mapping[str, Pair]
) -> dict[str, tuple[Pair, Pair]]:
    return {
        key: (before.get(key, _NO_CASES), after.get(key, _NO_CASES)) for key in {**before, **after}
    }


def _rate_parts(
    pairs: Mapping[str, tuple[Pair, Pair]], before: Pair, after: Pair
) -> dict[str, tuple[Fraction, Fraction]]:
    """Rate and mix effect of each key, exact."""
    middle = (_share(*before) + _share(*after)) * _HALF
    parts: dict[str, tuple[Fraction, Fraction]] = {}
    for key, (then, now) in pairs.items():
        weight = _share(then[1], before[1]), _share(now[1], after[1])
        # a key without cases in one period cannot have become better or worse
        known = [_share(*pair) for pair in (then, now) if pair[1]]
        rate = (known[0], known[-1]) if known else (middle, middle)
        rate_effect = (rate[1] - rate[0]) * (weight[0] + weight[1]) * _HALF
        mix_effect = (weight[1] - weight[0]) * ((rate[0] + rate[1]) * _HALF - middle)
        parts[key] = rate_effect, mix_effect
    return parts


def _share(part: Number, whole: Number) -> Fraction:
    return Fraction(part) / Fraction(whole)
