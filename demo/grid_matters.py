"""What the grid staff come across: class, words, who deals with it. Everything invented."""

from __future__ import annotations

from typing import NamedTuple


class Matter(NamedTuple):
    """One kind of event: code (2 + 3 digits), name, share, who handles what is passed on, words.

    `alone` is how many of a hundred the grid settles by itself.
    """

    code: str
    name: str
    share: float
    alone: int
    unit: str
    place: str
    texts: tuple[str, ...]


MATTERS = (
    Matter("01001", "邻里纠纷", 5, 72, "司法所", "any",
           ("两户因公共通道堆物争吵，已现场劝解", "因犬吠扰民发生口角")),
    Matter("01002", "家庭矛盾", 2, 60, "司法所", "any", ("家庭成员因赡养问题争执",)),
    Matter("02001", "楼道堆物", 11, 90, "应急办", "estate",
           ("楼道内堆放纸箱杂物，已要求当场清理", "消防通道停放电动车")),
    Matter("02002", "飞线充电", 8, 86, "应急办", "estate", ("从窗口拉线为电动车充电",)),
    Matter("02003", "燃气隐患", 3, 45, "燃气公司", "shop", ("餐饮店液化气软管老化",)),
    Matter("02004", "临水防护", 2, 40, "水务站", "water", ("塘边护栏松动",)),
    Matter("02005", "危房隐患", 1, 15, "建管中心", "village", ("老屋墙体开裂，无人居住",)),
    Matter("03001", "治安巡防", 7, 95, "派出所", "road",
           ("夜间巡查，未见异常", "陌生人员徘徊，已劝离")),
    Matter("04001", "暴露垃圾", 13, 88, "城管中队", "road",
           ("路边垃圾未及时清运", "绿化带内有散落垃圾，已清理")),
    Matter("04002", "占道经营", 6, 70, "城管中队", "road", ("店外摆放货品占用人行道",)),
    Matter("04003", "乱贴小广告", 6, 96, "城管中队", "estate", ("单元门张贴小广告，已清除",)),
    Matter("04004", "路面破损", 3, 12, "建管中心", "road", ("人行道地砖缺损", "路面有坑洼积水")),
    Matter("04005", "路灯不亮", 2, 8, "供电所", "road", ("连续两盏路灯不亮",)),
    Matter("05001", "河塘漂浮物", 4, 62, "水务站", "water", ("水面有枯枝和塑料袋",)),
    Matter("05002", "露天焚烧", 2, 82, "环保办", "village", ("田边焚烧枯叶，已扑灭",)),
    Matter("06001", "代办服务", 8, 99, "便民服务中心", "any",
           ("为老人代办医保缴费", "协助申领高龄津贴")),
    Matter("06002", "停水停电", 1, 10, "自来水公司", "estate", ("整幢楼水压不足",)),
    Matter("07001", "特殊人群走访", 6, 98, "民政办", "any", ("上门看望独居老人，情况良好",)),
    Matter("08001", "出租房核查", 7, 92, "派出所", "estate", ("核查出租房登记信息",)),
    Matter("09001", "小作坊安全", 3, 66, "应急办", "shop", ("灭火器压力不足，已要求更换",)),
    Matter("10001", "亮证经营", 2, 75, "市监分局", "shop", ("营业执照未悬挂，已提醒",)),
    Matter("11001", "政策宣传", 6, 100, "网格办", "any", ("发放反诈宣传单", "宣传秸秆禁烧")),
    Matter("99001", "其他事项", 1, 70, "网格办", "any", ("其他需要登记的事项",)),
)  # fmt: skip
