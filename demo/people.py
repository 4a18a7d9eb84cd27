"""The people and places that the town's matters are about; every name and number is invented."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from config.site import Community, Site, load_site

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
DOUBLE_SURNAMES = ("欧阳", "诸葛", "司马", "上官")
GIVEN_FIRST = "建国志明文秀海春晓玉永德家宝长福新雨思梓子浩宇佳欣雅静丽芳桂兰凤金银荣世正"
GIVEN_SECOND = "华平军峰勇强伟涛斌辉燕霞梅琴娟萍红英珍云龙飞鹏杰俊轩涵怡婷林生根宝祥山"
# numbers of a block that is kept for examples: the middle four digits are 0000
PHONE_HEADS = ("130", "131", "135", "136", "137", "138", "139", "150", "158", "159", "186", "189")
SHOPS = (
    "面馆",
    "水果店",
    "烧烤店",
    "理发店",
    "健身房",
    "超市",
    "早餐铺",
    "手机店",
    "奶茶店",
    "家具店",
)
SITES = ("安置房三期工地", "道路改造工程", "产业园二标段", "标准厂房项目")
URBAN_WORDS = ("花园", "新村", "雅苑", "家园", "华庭")
RURAL_WORDS = ("东庄", "西庄", "前村", "后村", "圩上")
ROADS = ("路", "东路", "西路", "街", "巷")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented resident."""

    name: str
    phone: str


@lru_cache(maxsize=4096)
def person(community: str, number: int) -> Person:
    """The n-th resident of a community, always the same one."""
    rng = random.Random(f"person {community} {number}")
    surname = rng.choice(DOUBLE_SURNAMES) if rng.random() < 0.01 else rng.choice(SURNAMES)
    given = rng.choice(GIVEN_FIRST if rng.random() < 0.75 else GIVEN_SECOND)
    if rng.random() < 0.8:
        given += rng.choice(GIVEN_SECOND)
    return Person(surname + given, f"{rng.choice(PHONE_HEADS)}0000{rng.randrange(10_000):04d}")


def caller(rng: random.Random, community: Community) -> Person:
    """Somebody who rings; some people ring much more often than others."""
    return person(community.code, int(community.population * 0.4 * rng.random() ** 1.8))


def stem(community: Community) -> str:
    """The community's name without 社区 or 村."""
    return community.name.removesuffix("社区").removesuffix("村")


def place(rng: random.Random, community: Community, where: str) -> str:
    """A place of this kind in a community, as people call it."""
    root = stem(community)
    if where == "any":
        where = "village" if community.kind == "村" else rng.choice(("estate", "estate", "road"))
    if where == "estate" and community.kind == "村":
        where = "village"
    if where == "estate":
        return root + rng.choice(URBAN_WORDS)
    if where == "road":
        return f"{root}{rng.choice(ROADS)}{rng.randrange(2, 198)}号附近"
    if where == "village":
        return f"{community.name}{rng.choice(RURAL_WORDS)}"
    if where == "shop":
        return f"{root}{rng.choice(ROADS[:4])}{rng.randrange(2, 198)}号{rng.choice(SHOPS)}"
    if where == "site":
        return root + rng.choice(SITES)
    if where == "water":
        return f"{root}{rng.choice(('塘', '中心河', '排涝沟', '河段'))}"
    return f"{root}{rng.choice(('小学', '幼儿园'))}"


def spot(rng: random.Random) -> str:
    """A building and a stair in an estate."""
    return f"{rng.randrange(1, 38)}幢{rng.randrange(1, 5)}单元"


def address(rng: random.Random, community: Community) -> str:
    """A full address of somebody who lives in this community."""
    if community.kind == "村":
        home = f"{rng.choice(RURAL_WORDS)}{rng.randrange(1, 120)}号"
    else:
        home = f"{stem(community)}{rng.choice(URBAN_WORDS)}{spot(rng)}{rng.randrange(101, 1902)}室"
    return f"{_street()}{community.name}{home}"


def id_no(rng: random.Random) -> str:
    """An identity number that nobody has: the order number of the day is 000."""
    born = date(1936, 1, 1) + timedelta(days=rng.randrange(25_000))
    return f"320117{born:%Y%m%d}000{rng.choice('0123456789X')}"


@lru_cache(maxsize=1)
def _street() -> str:
    site: Site = load_site()
    return site.street
