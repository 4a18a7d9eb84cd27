"""The audit trail: who did what when, filtered on the spot, and whether the chain is whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from dash import dcc, html

from cases import audit
from cases.errors import ChainBroken
from cases.schema import local, utc
from cases.store import Store
from dashboard.gate.rules import ADMIN, AUDITOR
from dashboard.pages import frame, shell
from dashboard.pages.admin import trail_words
from dashboard.pages.admin.parts import ROLES, field, head_of
from dashboard.pages.marks import columns
from dashboard.pages.reading import Glass
from dashboard.pages.state import State

PATH = "/admin/audit"
TITLE = "审计"
SHORT = "审计"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("find", "entries")
ROLES_OF_PAGE = frozenset({ADMIN, AUDITOR})
STILL = True
LISTED: Final = 200
EVENTS: Final = {
    "login": "登录",
    "logout": "退出",
    "factor": "动态码",
    "factor_enrol": "启用动态码",
    "factor_drop": "重置动态码",
    "confirm": "确认身份",
    "password": "更换密码",
    "user_add": "新增账号",
    "user_role": "更改角色",
    "user_login": "更改登录方式",
    "user_disable": "停用账号",
    "user_enable": "启用账号",
    "user_password": "重置密码",
    "session_end": "结束会话",
    "sessions_end": "结束全部会话",
    "token_create": "新建令牌",
    "token_revoke": "作废令牌",
    "reveal": "查看个人信息",
    "export": "导出",
    "report_made": "生成报告",
    "report_fetched": "下载报告",
    "vault_rotate": "更换密钥",
    "screen_pair": "配对大屏",
    "screen_revoke": "停用大屏",
    "screen_old_key": "大屏旧密钥被使用",
    "wall_layout": "更改大屏布局",
    "wall_layout_undo": "撤销大屏布局",
    "wall_choose": "选定大屏场景",
    "wall_hold": "暂停大屏轮播",
    "wall_release": "恢复大屏轮播",
    "wall_visitors": "大屏参观模式",
    "flood_response": "记录应急响应",
    "raw_damage_acknowledged": "知悉原始文件损坏",
}
OUTCOMES: Final = {"ok": "成功", "refused": "拒绝", "notice": "已提醒"}
SHELL: Final = "shell"  # written by a command at the machine itself


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page's filters are no words of the address: who is looked at stays out of histories."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """The newest entries, and what narrows them."""
    offered = [{"label": words, "value": key} for key, words in EVENTS.items()]
    find = html.Div(
        [
            field("事件", dcc.Dropdown(id="audit-event", options=offered, placeholder="全部")),
            field("用户名", dcc.Input(id="audit-who", maxLength=64, autoComplete="off")),
            field("自", dcc.Input(id="audit-from", placeholder="2026-11-01", maxLength=10)),
            field("至", dcc.Input(id="audit-to", placeholder="2026-11-30", maxLength=10)),
            html.Div(
                [
                    html.Button("查找", id="audit-find", type="button", className="button filled"),
                    html.Button("校验链", id="audit-verify", type="button", className="button"),
                    html.Div(id="audit-said", className="said", role="status"),
                ],
                className="make-row",
            ),
        ],
        className="form",
    )
    panels = [
        frame.panel("查找", find, area="find"),
        frame.panel(
            "记录",
            html.Div(entries(data.store, trail_words.names_of(data)), id="audit-list"),
            area="entries",
            basis=f"新在上，至多 {LISTED} 条",
        ),
    ]
    return head_of(TITLE, state), shell.grid("audit", panels, AREAS)


def entries(
    store: Store,
    names: trail_words.Names,
    event: object = None,
    who: object = None,
    first: object = None,
    last: object = None,
) -> Any:
    """The newest rows that fit; every text as it was written, nothing in it is read as HTML."""
    found = audit.find(
        store,
        LISTED,
        event=event if isinstance(event, str) and event in EVENTS else None,
        who=str(who).strip()[:64] if who else None,
        since=_start(first),
        until=_start(last, later=1),
    )
    rows = [
        [
            str(row.seq),
            f"{local(row.at):%Y-%m-%d %H:%M:%S}",
            "命令行" if row.role == SHELL else row.who,
            "本机" if row.role == SHELL else ROLES.get(row.role, row.role),
            "" if row.address == "-" else row.address,
            EVENTS.get(row.event, row.event),
            trail_words.subject(row.event, row.subject, names),
            OUTCOMES.get(row.outcome, row.outcome),
            trail_words.detail(row.event, row.subject, row.detail, names),
        ]
        for row in found
    ]
    if not rows:
        return html.P("没有符合的记录。", className="nothing")
    heads = ["序号", "时间", "用户", "角色", "地址", "事件", "对象", "结果", "说明"]
    return columns(rows, heads=heads, numbers=[0])


def verified(store: Store) -> str:
    """Whether the chain is whole, in one sentence."""
    try:
        return f"链完整，共 {audit.verify(store)} 条，与库外记录一致。"
    except ChainBroken as broken:
        return f"链在第 {broken.row} 条断开：该条被改动、删除，或其后被截断。请立即保全并上报。"


def _start(given: object, later: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        return None
    return utc(datetime.combine(day + timedelta(days=later), datetime.min.time()))
