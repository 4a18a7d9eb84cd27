"""What can go wrong with a platform, in the words of the people on duty: one sentence each for what
it means and for what to do, and who does it.

The technical original stays beside it for the engineer. Every error of the ETL names one of these;
the word is what runs and health keep, so an old one that nobody knows any more reads as UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Fault(StrEnum):
    """The kinds of trouble; the value is what the case store keeps."""

    UNKNOWN = "unknown"
    LINE = "line"
    TIMEOUT = "timeout"
    BUSY = "busy"
    CUT = "cut"
    UNACCEPTED = "unaccepted"
    FORBIDDEN = "forbidden"
    LOGIN_PAGE = "login_page"
    QUESTION = "question"
    CERTIFICATE = "certificate"
    ADDRESS = "address"
    TOO_LARGE = "too_large"
    SAYS_NO = "says_no"
    ANSWER = "answer"
    PAGES = "pages"
    INCOMPLETE = "incomplete"
    VIEW = "view"
    DATABASE = "database"
    HOST_KEY = "host_key"
    FOLDER = "folder"
    FILE_UNREADABLE = "file_unreadable"
    FILE_PROTECTED = "file_protected"
    FILE_HEADER = "file_header"
    FILE_ENCODING = "file_encoding"
    FILE_CUT = "file_cut"
    FILE_TOTAL = "file_total"
    CAMERA = "camera"
    PORT = "port"
    BROKER = "broker"
    BROKER_REFUSES = "broker_refuses"
    SUBSCRIPTION = "subscription"
    LISTENER = "listener"
    CONFIG = "config"
    DRIFT = "drift"
    SAME_AGAIN = "same_again"
    DISK_FULL = "disk_full"
    DISK_BROKEN = "disk_broken"
    WAREHOUSE = "warehouse"
    STORE = "store"
    RAW_DAMAGED = "raw_damaged"
    COMMAND = "command"
    INTERRUPTED = "interrupted"
    PROGRAM = "program"


OWNER: Final = "对方"  # whoever runs the platform
ENGINEER: Final = "工程师"
NOBODY: Final = "无需处理"  # it passes, or the system tries again by itself


class Told(NamedTuple):
    """A fault for people: what happened, what to do, and who does it."""

    means: str
    todo: str
    who: str

    @property
    def words(self) -> str:
        """Both sentences as one."""
        return f"{self.means}；{self.todo}"


FAULTS: Final[Mapping[Fault, Told]] = MappingProxyType(
    {
        Fault.UNKNOWN: Told("原因未归类", "请工程师看技术原文", ENGINEER),
        Fault.LINE: Told("连不上对方系统", "系统会自动再试；持续不通请对方查服务和网络", OWNER),
        Fault.TIMEOUT: Told("对方没有在时限内答复", "系统会自动再试；持续超时请对方查接口", OWNER),
        Fault.BUSY: Told("对方系统报错或繁忙", "系统会自动再试；持续不好请对方查服务", OWNER),
        Fault.CUT: Told("对方的答复传到一半断了", "系统会自动再试；反复出现请对方查网络", OWNER),
        Fault.UNACCEPTED: Told(
            "对方不认我们的令牌或账号", "请对方核对授权，工程师更换令牌", OWNER
        ),
        Fault.FORBIDDEN: Told("对方没有给我们这项权限", "请对方开通权限", OWNER),
        Fault.LOGIN_PAGE: Told(
            "对方答的是网页，像是登录页", "请对方核对接口地址和授权是否变更", OWNER
        ),
        Fault.QUESTION: Told("对方不认识这个接口地址", "请对方确认接口是否改版或迁移", OWNER),
        Fault.CERTIFICATE: Told(
            "对方的证书过期或不受信任", "请对方更换证书，在此之前不会取数", OWNER
        ),
        Fault.ADDRESS: Told("接口地址不能用", "请工程师核对平台配置里的地址", ENGINEER),
        Fault.TOO_LARGE: Told(
            "对方一次给的内容超过上限", "请工程师把每页条数调小，或请对方拆分", ENGINEER
        ),
        Fault.SAYS_NO: Told("对方接口返回业务错误", "请对方按错误码查原因", OWNER),
        Fault.ANSWER: Told(
            "对方答复的格式与约定不符", "请对方确认接口是否改版，工程师核对字段路径", OWNER
        ),
        Fault.PAGES: Told(
            "对方的分页不对：重复、循环或没有尽头", "请对方查分页，未读完的不会入库", OWNER
        ),
        Fault.INCOMPLETE: Told(
            "对方的清单没有给全", "系统会自动再试；反复出现请对方查平台", OWNER
        ),
        Fault.VIEW: Told("对方视图的列与约定不符", "请对方确认视图是否改过", OWNER),
        Fault.DATABASE: Told(
            "对方数据库拒绝了查询", "请对方核对账号的只读权限和视图是否还在", OWNER
        ),
        Fault.HOST_KEY: Told(
            "文件服务器的身份与登记的不符", "请向对方核实，确认后由工程师更新指纹", OWNER
        ),
        Fault.FOLDER: Told("交换目录不在或读不了", "请对方查目录和权限", OWNER),
        Fault.FILE_UNREADABLE: Told(
            "文件损坏或不是约定的格式", "请对方另存后重传，原件在已拒收文件夹", OWNER
        ),
        Fault.FILE_PROTECTED: Told(
            "文件有密码或宏，不能读", "请对方去掉密码和宏，另存为表格后重传", OWNER
        ),
        Fault.FILE_HEADER: Told("文件里找不到约定的表头", "请对方按模板重传", OWNER),
        Fault.FILE_ENCODING: Told(
            "文件的文字编码读不懂", "请对方存为 UTF-8 或 GB18030 后重传", OWNER
        ),
        Fault.FILE_CUT: Told("文件没有传完整", "请对方重传", OWNER),
        Fault.FILE_TOTAL: Told("文件的合计与明细对不上", "请对方核对后重传", OWNER),
        Fault.CAMERA: Told("摄像机没有给出图像", "稍后再试；一直没有请查摄像机是否在线", OWNER),
        Fault.PORT: Told(
            "本机的接收端口被占用，收不到报文", "请工程师查占用端口的程序；系统会自动再试", ENGINEER
        ),
        Fault.BROKER: Told(
            "消息服务器连不上，收不到消息", "系统会自动重连；持续不通请查消息服务器和网络", OWNER
        ),
        Fault.BROKER_REFUSES: Told(
            "消息服务器拒绝我们登录", "请核对账号和密码，改好后自动恢复", OWNER
        ),
        Fault.SUBSCRIPTION: Told(
            "消息服务器不允许订阅约定的主题", "请对方开通主题的读权限", OWNER
        ),
        Fault.LISTENER: Told(
            "接收程序意外停止", "系统会自动重新监听；反复出现请工程师看日志", ENGINEER
        ),
        Fault.CONFIG: Told(
            "本机缺少密钥，或平台配置有误", "请工程师补上密钥或改正配置，改好后自动恢复", ENGINEER
        ),
        Fault.DRIFT: Told(
            "对方数据的字段变了，整批已隔离", "请工程师核对字段并改映射，再回放隔离的数据", ENGINEER
        ),
        Fault.SAME_AGAIN: Told(
            "对方仍给上次读不懂的那份数据", "请工程师改好映射后回放，或请对方改正", ENGINEER
        ),
        Fault.DISK_FULL: Told(
            "本机磁盘满了，新数据存不下", "请工程师清理磁盘，有空间后自动继续", ENGINEER
        ),
        Fault.DISK_BROKEN: Told(
            "本机磁盘读写出错", "请工程师尽快检查磁盘，程序会自动重启再试", ENGINEER
        ),
        Fault.WAREHOUSE: Told(
            "数据仓库损坏，正从原始数据重建", "请等重建完成，期间显示最后一次发布的数据", NOBODY
        ),
        Fault.STORE: Told(
            "业务库正忙，读数未能判定", "已收到的数据都在盘上，系统会自动再判定一次", NOBODY
        ),
        Fault.RAW_DAMAGED: Told(
            "已收到的原始文件损坏或丢失", "请工程师从备份放回后回放，或确认后备案", ENGINEER
        ),
        Fault.COMMAND: Told("命令用错了", "请按提示改正后再执行", ENGINEER),
        Fault.INTERRUPTED: Told("运行中断：程序停止或重启", "系统会自动补取", NOBODY),
        Fault.PROGRAM: Told("程序出错", "请工程师看日志；系统会自动再试", ENGINEER),
    }
)  # fmt: skip


def told(fault: str | None) -> Told:
    """A kept word for people."""
    try:
        return FAULTS[Fault(fault or "")]
    except ValueError:
        return FAULTS[Fault.UNKNOWN]
