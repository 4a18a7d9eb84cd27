"""Which alarm has which rank, and what an alarm of a rank does: the tables of thresholds.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from config.errors import ConfigError

REGION, RIBBON, LAMP = "region", "ribbon", "lamp"
TAKES: Final = (REGION, RIBBON, LAMP)
RANKS: Final = (1, 2, 3, 4)
# the limits each kind of alarm knows, the worst first, with people's words
LIMITS: Final[Mapping[str, Mapping[str, str]]] = {
    "flood": {
        "record": "历史最高水位",
        "guarantee": "保证水位",
        "warning": "警戒水位",
        "near": "接近警戒",
    },
    "platform": {"stale": "超过更新时限"},
    "heartbeat": {"missing": "无心跳"},
    "storage": {"damaged": "原始文件损坏"},
    "station": {"silent": "测站无数据", "unfit": "测站读数不可信"},
}
_LONGEST_PAUSE_S: Final = 3600
_LONGEST_POST: Final = 32
_KEYS: Final = ("takes", "sound", "again_s", "plan", "posts")


@dataclass(frozen=True, slots=True)
class Effect:
    """What an alarm does: what it takes, whether it sounds, after how many seconds again."""

    takes: str  # region | ribbon | lamp
    sound: bool
    again_s: int  # 0: it sounds once


@dataclass(frozen=True, slots=True)
class Notice:
    """Who must take notice of a rank, beside the duty desk that acknowledges any alarm."""

    plan: bool  # every post of the station's response plan, and one of its teams is sent
    posts: tuple[str, ...]  # and these posts


@dataclass(frozen=True, slots=True)
class AlarmRules:
    """The rank of each limit of each kind of alarm, and the effect of each rank."""

    ranks: Mapping[str, Mapping[str, int]]
    effects: Mapping[tuple[str, int], Effect]
    notices: Mapping[int, Notice]

    def rank(self, kind: str, limit: str) -> int:
        """The rank of an alarm past this limit, 1 to 4."""
        return self.ranks[kind][limit]

    def effect(self, kind: str, rank: int) -> Effect:
        """What an alarm of this kind and rank does while it is raised."""
        return self.effects[kind, rank]

    def notice(self, rank: int) -> Notice:
        """Who must take notice of an alarm of this rank."""
        return self.notices[rank]


def read(file: Path, raw: Mapping[str, Any]) -> AlarmRules:
    """The tables [rank.N] and [alarm.KIND]; ConfigError names the table and the wrong value."""
    general = {number: _effect(file, number, raw) for number in RANKS}
    blocks = _table(file, "alarm", raw.get("alarm"))
    if set(blocks) != set(LIMITS):
        raise ConfigError(file, "alarm", sorted(blocks), "exactly " + ", ".join(LIMITS))
    ranks: dict[str, Mapping[str, int]] = {}
    effects: dict[tuple[str, int], Effect] = {}
    for kind, block in blocks.items():
        name = f"alarm.{kind}"
        unknown = sorted(set(_table(file, name, block)) - {"ranks", "takes"})
        if unknown:
            raise ConfigError(file, name, ", ".join(unknown), "ranks, takes")
        ranks[kind] = _ranks(file, kind, _table(file, f"{name}.ranks", block.get("ranks")))
        other = _table(file, f"{name}.takes", block.get("takes", {}))
        for number, effect in general.items():
            takes = other.get(str(number), effect.takes)
            _judge_takes(file, kind, number, takes)
            effects[kind, number] = Effect(takes, effect.sound, effect.again_s)
        if strange := sorted(set(other) - {str(number) for number in RANKS}):
            raise ConfigError(file, f"{name}.takes", ", ".join(strange), "ranks 1 to 4")
    return AlarmRules(ranks, effects, {number: _notice(file, number, raw) for number in RANKS})


def _ranks(file: Path, kind: str, block: Mapping[str, Any]) -> dict[str, int]:
    name = f"alarm.{kind}.ranks"
    if set(block) != set(LIMITS[kind]):
        raise ConfigError(file, name, sorted(block), "exactly " + ", ".join(LIMITS[kind]))
    for limit, rank in block.items():
        if type(rank) is not int or rank not in RANKS:
            raise ConfigError(file, f"{name}.{limit}", rank, "a rank: 1, 2, 3 or 4")
    in_order = [block[limit] for limit in LIMITS[kind]]
    if in_order != sorted(in_order):
        raise ConfigError(
            file, name, in_order, "a higher limit never a lower rank: " + " ≤ ".join(LIMITS[kind])
        )
    return {limit: block[limit] for limit in LIMITS[kind]}


def _effect(file: Path, number: int, raw: Mapping[str, Any]) -> Effect:
    name = f"rank.{number}"
    block = _table(file, name, _table(file, "rank", raw.get("rank")).get(str(number)))
    if set(block) != set(_KEYS):
        raise ConfigError(file, name, sorted(block), "exactly " + ", ".join(_KEYS))
    if block["takes"] not in TAKES:
        raise ConfigError(file, f"{name}.takes", block["takes"], " | ".join(TAKES))
    if not isinstance(block["sound"], bool):
        raise ConfigError(file, f"{name}.sound", block["sound"], "true or false")
    again = block["again_s"]
    if type(again) is not int or not 0 <= again <= _LONGEST_PAUSE_S:
        raise ConfigError(file, f"{name}.again_s", again, "0 (once) to 3600 seconds")
    if again and not block["sound"]:
        raise ConfigError(file, f"{name}.again_s", again, "0 where sound is false")
    return Effect(block["takes"], block["sound"], again)


def _notice(file: Path, number: int, raw: Mapping[str, Any]) -> Notice:
    """Of a block whose keys `_effect` has looked at."""
    name, block = f"rank.{number}", raw["rank"][str(number)]
    if not isinstance(block["plan"], bool):
        raise ConfigError(file, f"{name}.plan", block["plan"], "true or false")
    posts = block["posts"]
    is_list = isinstance(posts, list) and all(
        isinstance(post, str) and 0 < len(post.strip()) <= _LONGEST_POST for post in posts
    )
    if not is_list or len(set(posts)) != len(posts):
        allowed = (
            f"a list of posts of at most {_LONGEST_POST} characters, each once, such as "
            '["带班领导"]; or []'
        )
        raise ConfigError(file, f"{name}.posts", posts, allowed)
    return Notice(block["plan"], tuple(posts))


def _judge_takes(file: Path, kind: str, number: int, takes: object) -> None:
    """Only floods from yellow up and the ranks Ⅰ and Ⅱ may take the region."""
    name = f"alarm.{kind}.takes.{number}"
    if takes not in TAKES:
        raise ConfigError(file, name, takes, " | ".join(TAKES))
    least = 3 if kind == "flood" else 2
    if takes == REGION and number > least:
        raise ConfigError(file, name, takes, f"the region only for ranks 1 to {least} of this kind")


def _table(file: Path, name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(file, name, value, f"a table [{name}]")
    return value
