"""Cuts the product's font files from the Debian packages fonts-noto-cjk and fonts-lxgw-wenkai.

Run it after new Chinese words came into the product: `python deploy/fonts.py`. The result is
committed, so that installing needs neither these packages nor this program.

Screen: Noto Sans SC 400 and 700 as woff2, each in two files. `common` holds the characters of
common.txt and every character of the product's own sources, `rest` what is left of the
通用规范汉字表 (general.txt) and of GB 2312. Figures of this face are tabular by default (all ten
are equally wide, it has no `tnum` feature). Report: one file a role (仿宋, 小标宋, 黑体, 楷体).
Hinting is dropped: at the wall's sizes and in PDF it shows nothing and costs a fifth of the bytes.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "dashboard" / "assets" / "fonts"
NOTO = Path("/usr/share/fonts/opentype/noto")
WENKAI = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
SIMPLIFIED = 2  # the face of the .ttc collections with mainland glyph forms
SPOKEN = {
    "config": ("toml", "py"),
    "layouts": ("toml", "py"),
    "dashboard": ("py", "js", "css", "html", "svg"),
    "cases": ("py",),
    "etl": ("py",),
    "demo": ("py", "toml"),
    "warehouse": ("sql", "py"),
}
SPANS = (  # Latin, Greek letters of formulas, punctuation, signs, arrows, numerals, shapes, units
    *((0x20, 0x7E), (0xA0, 0xFF), (0x394, 0x394), (0x3A3, 0x3A3), (0x3B1, 0x3B2), (0x3BC, 0x3BC)),
    *((0x3C3, 0x3C3), (0x2010, 0x2027), (0x2030, 0x203B), (0x2070, 0x208F), (0x2100, 0x213F)),
    *((0x2150, 0x217F), (0x2190, 0x2199), (0x21C4, 0x21C5), (0x2200, 0x222A), (0x2248, 0x2248)),
    *((0x2260, 0x2265), (0x2460, 0x2473), (0x2500, 0x2503), (0x2580, 0x258F), (0x25A0, 0x2612)),
    *((0x2640, 0x2642), (0x26A0, 0x26A0), (0x2713, 0x2713), (0x2776, 0x277F), (0x3000, 0x301F)),
    *((0x3220, 0x3229), (0x3280, 0x3289), (0x3380, 0x33DF), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6)),
)
SIGNS = {mark for first, last in SPANS for mark in range(first, last + 1)}
CSS_HEAD = """/* Noto Sans SC, cut by deploy/fonts.py; licence: OFL-noto-cjk.txt.
   The common faces stand last: of two faces that name a character the later one is asked. */
"""


class Screen(NamedTuple):
    """One weight of the screen face."""

    weight: int
    source: Path


class Role(NamedTuple):
    """One face of the report: what it stands for, where it comes from, its name when cut."""

    file: str
    source: Path
    number: int
    family: str
    style: str


SCREEN = (Screen(400, NOTO / "NotoSansCJK-Regular.ttc"), Screen(700, NOTO / "NotoSansCJK-Bold.ttc"))
REPORT = (
    Role(
        "report-song.otf", NOTO / "NotoSerifCJK-Regular.ttc", SIMPLIFIED, "Honglan Song", "Regular"
    ),
    Role("report-title.otf", NOTO / "NotoSerifCJK-Bold.ttc", SIMPLIFIED, "Honglan Title", "Bold"),
    Role("report-hei.otf", NOTO / "NotoSansCJK-Regular.ttc", SIMPLIFIED, "Honglan Hei", "Regular"),
    # the name is reserved by its licence, so a cut file must bear another one
    Role("report-kai.ttf", WENKAI, -1, "Honglan Kai", "Regular"),
)


def listed(name: str) -> list[str]:
    """Return the characters of one list file, in its order."""
    lines = (FONTS / name).read_text(encoding="utf-8").splitlines()
    return [mark for line in lines if not line.startswith("#") for mark in line.strip()]


def gb2312() -> list[str]:
    """Return the 6,763 Han characters of GB 2312."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [pair.decode("gb2312") for pair in pairs if pair.decode("gb2312", "ignore")]


def spoken() -> set[str]:
    """Return every non-ASCII character that stands in the product's own sources."""
    files = (
        path
        for room, endings in SPOKEN.items()
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix[1:] in endings and FONTS not in path.parents
    )
    return {mark for path in files for mark in path.read_text("utf-8") if ord(mark) > 0x7F}


def cut(source: Path, number: int, marks: Iterable[int], *, hints: bool) -> TTFont:
    """Return the face with only these characters, without hints and vertical metrics."""
    options = subset.Options()
    options.hinting = hints
    options.desubroutinize = hints  # smaller once compressed
    options.layout_features = ["kern", "ccmp", "liga", "palt", "halt", "mark", "mkmk"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "FFTM"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(source, fontNumber=number, lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(marks))
    cutter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the cut face a name of its own, so that it is never taken for the original."""
    plain = family.replace(" ", "") + "-" + style
    words = {1: family, 2: style, 3: plain, 4: f"{family} {style}", 6: plain}
    for record in list(font["name"].names):
        if record.nameID in words:
            font["name"].removeNames(nameID=record.nameID)
    for number, word in words.items():
        font["name"].setName(word, number, 3, 1, 0x409)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [plain]
        top.topDictIndex[0].FamilyName = family
        top.topDictIndex[0].FullName = f"{family} {style}"


def ranges(marks: Iterable[int]) -> str:
    """Write code points as a CSS unicode-range."""
    spans: list[list[int]] = []
    for mark in sorted(marks):
        if spans and mark == spans[-1][1] + 1:
            spans[-1][1] = mark
        else:
            spans.append([mark, mark])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def face(weight: int, part: str, covered: str, display: str) -> str:
    """Write one @font-face rule."""
    return (
        f'@font-face{{font-family:"Noto Sans SC";font-style:normal;font-weight:{weight};'
        f"font-display:{display};"
        f'src:url("noto-sans-sc-{weight}-{part}.woff2") format("woff2");'
        f"unicode-range:{covered}}}\n"
    )


def screen(common: set[int], rest: set[int]) -> None:
    """Write the four woff2 files and fonts.css."""
    rules = {"rest": "", "common": ""}
    for weight, source in SCREEN:
        for part, marks in (("common", common), ("rest", rest)):
            font = cut(source, SIMPLIFIED, marks, hints=True)
            covered = set(font.getBestCmap())
            font.flavor = "woff2"
            font.save(FONTS / f"noto-sans-sc-{weight}-{part}.woff2")
            span = ranges(covered) if part == "common" else "U+2E80-9FFF,U+20000-2FFFF"
            rules[part] += face(weight, part, span, "block" if part == "common" else "swap")
    (FONTS / "fonts.css").write_text(CSS_HEAD + rules["rest"] + rules["common"], "utf-8")


def report(marks: set[int]) -> None:
    """Write the four faces of the report."""
    for role in REPORT:
        font = cut(role.source, role.number, marks, hints=False)
        rename(font, role.family, role.style)
        font.save(FONTS / role.file)


def main() -> int:
    """Cut everything and say how large it became."""
    missing = [str(p) for p in (WENKAI, *(s.source for s in SCREEN)) if not p.exists()]
    if missing:
        sys.stderr.write(f"Font source {missing[0]} is missing: install its Debian package.\n")
        return 78
    own = {ord(mark) for mark in spoken()}
    whole = {ord(mark) for mark in (*listed("general.txt"), *gb2312())} | own | SIGNS
    common = {ord(mark) for mark in listed("common.txt")} | own | SIGNS
    screen(common, whole - common)
    report(whole)
    for path in sorted(FONTS.glob("*.*")):
        sys.stdout.write(f"{path.stat().st_size / 1000:>9.0f} kB  {path.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
