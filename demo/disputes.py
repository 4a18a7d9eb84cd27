"""What the town's disputes are about: types, units, words. Everything invented."""

from __future__ import annotations

import random
from typing import NamedTuple

from config.site import Community
from demo import people

CENTRE_UNIT = "矛调中心"


class Desk(NamedTuple):
    """One unit's share of the units' line, the linkage it works in and the types it sees."""

    unit: str
    share: float
    link: str | None
    origin: str
    types: tuple[tuple[str, int], ...]


DESKS = (
    Desk("派出所", 46, "警调", "110转", (("02", 8), ("06", 6), ("12", 5), ("01", 5), ("15", 2))),
    Desk("司法所", 29, None, "来访", (("02", 7), ("03", 4), ("04", 4), ("01", 3), ("09", 2))),
    Desk("洪蓝法庭", 22, "诉调", "法院委派", (("04", 7), ("01", 5), ("06", 4), ("13", 3))),
    Desk("信访办", 19, "访调", "信访转", (("10", 6), ("08", 4), ("03", 4), ("11", 2))),
    Desk("物业办", 6, "专调", "部门转", (("13", 1),)),
    Desk("社保中心", 6, "专调", "来访", (("07", 1),)),
    Desk("农服中心", 4, None, "来访", (("09", 3), ("04", 2), ("08", 1))),
    Desk("妇联", 4, None, "来访", (("01", 1),)),
    Desk("建管中心", 3, "专调", "12345转", (("03", 2), ("04", 2))),
    Desk("民政办", 2, None, "来访", (("01", 2), ("99", 1))),
    Desk("拆迁办", 1.5, None, "来访", (("10", 1),)),
    Desk("教管会", 0.6, None, "来访", (("06", 1),)),
    Desk("退役军人事务站", 0.6, None, "来访", (("99", 1),)),
    Desk("纪工委", 0.3, None, "领导交办", (("08", 1),)),
)
CENTRE_TYPES = (
    ("02", 19), ("13", 14), ("10", 11), ("03", 10), ("07", 10), ("04", 9), ("06", 8), ("01", 7),
    ("05", 4), ("09", 4), ("11", 3), ("15", 2), ("14", 1), ("99", 2),
)  # fmt: skip
CENTRE_ORIGINS = (
    ("来访", 40), ("网格排查", 18), ("12345转", 16), ("来电", 10), ("部门转", 6), ("领导交办", 4),
    ("上级转办", 3), ("来信", 2), ("网信", 1),
)  # fmt: skip
TEXTS = {
    "01": ("双方因离婚后子女抚养费支付发生争议", "兄弟三人因赡养老人分担发生争执"),
    "02": (
        "双方因宅旁排水、滴水问题多次争吵",
        "相邻两户因公共通道堆物发生纠纷",
        "楼上漏水致楼下装修受损",
    ),
    "03": ("翻建房屋占用相邻宅基地，双方对界址有争议", "房屋租赁到期后押金退还发生争议"),
    "04": ("承揽合同尾款支付发生争议", "双方因借款返还发生纠纷", "定金退还发生争议"),
    "05": ("合伙经营账目不清，要求分割收益", "鱼塘承包期内增加投入的补偿争议"),
    "06": ("施工中受伤，赔偿金额协商不成", "饲养犬只致人受伤，医疗费承担有争议"),
    "07": ("解除劳动关系后经济补偿发生争议", "装修班组工资结算发生纠纷"),
    "08": ("集体资产出租收益分配引发争议", "村民对公示内容有异议要求说明"),
    "09": ("承包地边界不清引发纠纷", "土地流转费支付延迟引发纠纷"),
    "10": ("安置房面积差价结算发生争议", "过渡费发放时间引发纠纷", "附属物补偿认定有争议"),
    "11": ("养殖异味影响居住，要求整改", "排水进入农田造成减产，要求赔偿"),
    "12": ("电动自行车与行人碰撞，赔偿协商不成", "小客车剐蹭后修理费用发生争议"),
    "13": ("业主以服务不到位为由拒交物业费", "车位划线和收费引发业主与物业纠纷"),
    "14": ("就诊后对治疗效果有异议，要求赔偿",),
    "15": ("预付卡余额退还发生争议", "购买家电质量问题退换发生争议"),
    "99": ("志愿服务活动中物品损坏的承担争议", "宗族坟地修缮费用分担争议"),
}
ROOMS = ("大调解室", "中调解室", "小调解室")


def drawn(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    """One word of a table of words and shares."""
    return rng.choices([word for word, _ in table], [share for _, share in table])[0]


def desk(rng: random.Random) -> Desk:
    """The unit that gets the next dispute of the units' line."""
    return rng.choices(DESKS, [d.share for d in DESKS])[0]


def summary(rng: random.Random, kind: str, community: Community) -> str:
    """What a dispute is about, in a clerk's words."""
    text = rng.choice(TEXTS.get(kind, TEXTS["99"]))
    home = people.place(rng, community, "any")
    if rng.random() < 0.06:
        text += f"，联系电话{people.caller(rng, community).phone}"
    return f"{home}，{text}，请求调解。"


def amount(rng: random.Random, kind: str) -> float | None:
    """The sum in dispute in yuan, where there is one."""
    if kind in ("02", "08", "09", "01") and rng.random() < 0.6:
        return None
    return float(round(rng.lognormvariate(9.3, 1.0), -2)) or 500.0
