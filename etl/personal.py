"""What names people, taken out of a row before the warehouse sees it.

Masked text and a keyed hash go on; the original goes to the vault of the case store first. How
each kind is masked follows the street's rule (name keeps the surname, a mobile its first 3 and
last 4 digits, an address stops before the door, a place is told to some 100 m).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from etl.formats.cell import Row
from warehouse.schema import Table

_COMPOUND_TEXT = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳"
    " 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西"
    " 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生"
    " 梁丘 左丘 西门 第五 南荣 东里 东宫 即墨 达奚 褚师"
)
COMPOUND: Final = frozenset(_COMPOUND_TEXT.split())
ID_CARD: Final = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
MOBILE: Final = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
_NUMBER = re.compile(  # identity card, mobile, landline with area code, bank card
    r"(?<![0-9A-Za-z])(?:(?P<id>\d{17}[\dXx])|(?P<mobile>1[3-9]\d[ -]?\d{4}[ -]?\d{4})"
    r"|(?P<line>0\d{2,3}[- ]?\d{7,8})|\d{16,19})(?![0-9A-Za-z])",
    re.ASCII,
)
_PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z])"
    r"[·.]?[A-HJ-NP-Z0-9]{3,4}([A-HJ-NP-Z0-9挂学警]{2})(?![0-9A-Za-z])"
)
_COUNT = r"[\d一二三四五六七八九十百]+"
_DOOR = re.compile(
    rf"(?:{_COUNT}\s*[号弄]\s*)?(?:{_COUNT}\s*(?:号楼|[幢栋座])\s*)?(?:{_COUNT}\s*单元\s*)?{_COUNT}\s*室"
)
_HOUSE = re.compile(
    rf"([A-Za-z]?{_COUNT}(?:号楼|[幢栋座]))|[A-Za-z]?{_COUNT}\s*(?:[号弄室户层楼]|单元)"
)
_WESTERN_NUMBER = re.compile(r"\d+")
_BETWEEN_NAMES = re.compile("[\u3001\uff0c,\uff1b;/\\s]+")  # Chinese and western commas
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF38: "X", 0xFF58: "x"}
_ANY_DIGIT = re.compile("[0-9\uff10-\uff19]")
_WIDE = re.compile("[\uff10-\uff19\uff38\uff58]")
_HINT = re.compile(r"\d[\d -]{6}", re.ASCII)


def name(text: str) -> str:
    """欧阳震华 -> 欧阳**, 王五 -> 王*; every character after the surname becomes a star."""
    text = text.strip()
    keep = 2 if len(text) > 2 and text[:2] in COMPOUND else 1
    return text[:keep] + "*" * max(1, len(text) - keep)


def each_name(text: str) -> list[str]:
    """The people in a list of names."""
    return [each for each in _BETWEEN_NAMES.split(text) if each]


def names(text: str) -> str:
    """A list of people, each masked."""
    return "、".join(name(each) for each in each_name(text))


def phone(text: str) -> str:
    """13812345678 -> 138****5678, 025-57201234 -> 025-****34, anything else its last two digits."""
    digits = _digits(text)
    if "*" in text and len(digits) <= 7:
        return text
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if digits.startswith("0") and len(digits) >= 10:
        area = 3 if digits[1] in "12" else 4
        return f"{digits[:area]}-****{digits[-2:]}"
    return "****" + (digits[-2:] if len(digits) >= 7 else "")


def _digits(text: str) -> str:
    if text.isascii() and text.isdecimal():
        return text
    return re.sub(r"\D", "", text.translate(_FULL_WIDTH))


def id_no(text: str) -> str:
    """The district and the last two places stay: 320117**********34."""
    text = text.strip()
    return f"{text[:6]}{'*' * (len(text) - 8)}{text[-2:]}" if len(text) >= 15 else "*" * len(text)


def address(text: str) -> str:
    """An address up to its road or building; the door and what follows become stars."""
    match = _HOUSE.search(text)
    if match is None:
        return _WESTERN_NUMBER.sub("***", text)
    return text[: match.end(1)] + "***" if match.group(1) else text[: match.start()] + "***"


def point(text: str) -> str:
    """A degree to three places, some 100 m; a figure in metres to its hundred."""
    try:
        figure = float(text)
    except ValueError:
        return text
    return f"{figure:.3f}" if abs(figure) <= 180 else f"{round(figure, -2):.0f}"


def scrub(text: str, known: Iterable[str] = ()) -> str:
    """Free text with numbers of people, plates, doors and the given names masked."""
    for person in known:
        if len(person) > 1 and person in text:
            text = text.replace(person, name(person))
    if _ANY_DIGIT.search(text):
        if _WIDE.search(text):
            text = text.translate(_FULL_WIDTH)
        if _HINT.search(text):
            text = _NUMBER.sub(_masked_number, text)
        if not text.isascii():
            text = _PLATE.sub(r"\1***\2", text)
    return _DOOR.sub("***室", text) if "室" in text else text


def _masked_number(found: re.Match[str]) -> str:
    if found["id"]:
        return id_no(found.group())
    return phone(found.group()) if found["mobile"] or found["line"] else f"****{found.group()[-4:]}"


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": name,
    "names": names,
    "phone": phone,
    "address": address,
    "id_no": id_no,
    "point": point,
}


def same_person(number: str) -> str | None:
    """A telephone number as it is compared: digits without 86; None when it came masked."""
    digits = _digits(number)
    if "*" in number or len(digits) < 5:
        return None
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


class Narrowing:
    """Masks the rows of one table; keeps aside what the vault must hold of them."""

    def __init__(self, table: Table, keyed_hash: Callable[[str], str]) -> None:
        self._key = table.key
        self._whole = {c for c in table.key if table.columns[c].type == "integer"}
        self._hash = keyed_hash
        columns = table.columns
        self._personal = {c: MASKS[d.personal] for c, d in columns.items() if d.personal}
        self._people = [c for c, d in columns.items() if d.personal in ("name", "names")]
        self._free = [*(c for c, d in columns.items() if d.scrub), "extra"]
        self._hashes = {c: d.hash_of for c, d in columns.items() if d.hash_of}
        self._is_needed = bool(self._personal or self._hashes) or len(self._free) > 1
        self.kept: list[tuple[str, dict[str, str | None]]] = []

    def narrow(self, row: Row) -> Row:
        """The row as the warehouse may hold it."""
        if not (self._is_needed or row.get("extra")):
            return row
        known = [
            person
            for column in self._people
            if row.get(column)
            for person in _BETWEEN_NAMES.split(row[column] or "")
        ]
        for column, of in self._hashes.items():
            number = same_person(row.get(of) or "")
            row[column] = self._hash(number) if number else None
        aside = self._masked(row, known)
        if aside:
            self.kept.append(("|".join(self._part(row, part) for part in self._key), aside))
        return row

    def _part(self, row: Row, part: str) -> str:
        """A part of the key as the warehouse will have it: 01 is its 1."""
        text = row.get(part) or ""
        return str(int(text)) if part in self._whole and text.strip().isdecimal() else text

    def _masked(self, row: Row, known: list[str]) -> dict[str, str | None]:
        """Mask in place; what the changed columns held before."""
        aside: dict[str, str | None] = {}
        for column, mask in self._personal.items():
            original = row.get(column)
            if original:
                aside[column] = original
                row[column] = mask(original)
        for column in self._free:
            original = row.get(column)
            if original:
                clean = scrub(original, known)
                if clean != original:
                    aside[column] = original
                    row[column] = clean
        return aside
