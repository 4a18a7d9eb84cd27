"""What a 20-digit number of GB/T 28181 says: its district, its industry, its type of device."""

from __future__ import annotations

from typing import Final, NamedTuple

INDUSTRIES: Final = {
    "00": "社会治安路面", "01": "社会治安社区", "02": "社会治安内部", "03": "社会治安其他",
    "04": "交通路面", "05": "交通卡口", "06": "交通内部", "07": "交通其他", "08": "城市管理",
    "09": "卫生环保", "10": "海关", "11": "教育", "12": "民航", "13": "铁路", "14": "航运",
    "15": "水务",
}  # fmt: skip
TYPES: Final = {
    "111": "DVR", "112": "视频服务器", "113": "编码器", "114": "解码器", "117": "报警控制器",
    "118": "NVR", "119": "HVR", "121": "混合硬盘录像机", "131": "摄像机", "132": "网络摄像机",
    "133": "显示器", "134": "报警输入", "135": "报警输出", "136": "语音输入", "137": "语音输出",
    "138": "移动设备", "200": "中心信令服务器", "215": "业务分组", "216": "虚拟组织",
}  # fmt: skip


class Number(NamedTuple):
    """What a number says: the administrative district, the industry, the type of device."""

    district: str
    industry: str
    kind: str


def number(text: str | None) -> Number | None:
    """A number taken apart; None when it is none of 20 digits."""
    if text is None or len(text) != 20 or not (text.isascii() and text.isdecimal()):
        return None
    industry = INDUSTRIES.get(text[8:10], text[8:10])
    return Number(text[:6], industry, TYPES.get(text[10:13], text[10:13]))
