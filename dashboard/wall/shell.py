"""The wall's outer page: it holds the wall in a frame and changes frames without a dark moment."""

from __future__ import annotations

import html
import json

from dashboard.gate import caller
from dashboard.theme import colour
from dashboard.wall import showing
from dashboard.wall.app import ASSETS, PREFIX
from layouts.wall import load_profiles

SCRIPT, LOOK = "shell.js", "shell.css"


def page() -> str:
    """The whole page; the profiles it may choose from stand in its root element."""
    profiles = [
        {
            "key": one.key,
            "aspect": round(one.aspect, 4),
            "height": one.pixels[1],
            "plain": one.is_plain,
            "outputs": len(one.outputs),
        }
        for one in load_profiles().values()
    ]
    said = html.escape(json.dumps(profiles), quote=True)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="zh-CN" data-frame="{PREFIX}" data-profiles="{said}" '
        f'data-scene="{html.escape(showing.key(showing.current()), quote=True)}"{_own()}>\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="theme-color" content="{colour("ground")}">\n'
        '<link rel="icon" href="data:,">\n'
        "<title>智慧洪蓝 · 大屏</title>\n"
        f'<link rel="stylesheet" href="{_asset(LOOK)}">\n'
        "</head>\n"
        "<body>\n"
        '<p id="say" role="status">正在打开大屏</p>\n'
        f'<script src="{_asset(SCRIPT)}"></script>\n'
        "</body>\n"
        "</html>\n"
    )


def _own() -> str:
    """What the record of the screen that asks says of it: profile, output, scenes."""
    device = caller.current().device
    if device is None:
        return ""
    said = {
        "screen": str(device.id),
        "own-profile": device.profile,
        "own-output": "" if device.output is None else str(device.output),
        "own-scenes": " ".join(device.scenes),
    }
    return "".join(f' data-{key}="{html.escape(text, quote=True)}"' for key, text in said.items())


def _asset(name: str) -> str:
    """An asset's address, different for every version of the file."""
    stamp = int((ASSETS / name).stat().st_mtime)
    return f"{PREFIX}assets/{name}?m={stamp}"
