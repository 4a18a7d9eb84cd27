"""What python-docx has no words for: East Asian faces, the character grid, rules, fields, SVG."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

_SVG_NS = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_TWIPS = 20
# the order the schema demands; Word may call a file damaged that keeps another one
_ORDER = {
    "w:pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "w:rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "w:pBdr": "top left bottom right between bar",
    "w:tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption"
    ),
    "w:trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader jc",
    "w:tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
}


def _set(parent: Any, tag: str, **words: str) -> Any:
    """The child of this tag, made when absent, with these attributes."""
    child = parent.find(qn(tag))
    if child is None:
        child = OxmlElement(tag)
        parent.append(child)
    for name, value in words.items():
        child.set(qn(f"w:{name}"), value)
    return child


def in_order(*roots: Any) -> None:
    """Put the properties below these elements into the order of the schema."""
    for root in roots:
        for tag, names in _ORDER.items():
            places = {qn(f"w:{name}"): place for place, name in enumerate(names.split())}
            for element in root.iter(qn(tag)):
                element[:] = sorted(element, key=lambda child: places.get(child.tag, len(places)))


def face(run: Any, chinese: str, latin: str, size: float) -> None:
    """The run's faces for Chinese and for Latin text and figures, and its size."""
    run.font.name, run.font.size = latin, Pt(size)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:hint"), "eastAsia")


def normal_style(document: Any, chinese: str, latin: str, size: float) -> None:
    """What the character grid is measured against, and no space between Chinese and figures."""
    for name in ("Normal", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.size = latin, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), chinese)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.widow_control = False  # else a line of the 22 is lost
        properties = style.element.get_or_add_pPr()
        for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
            _set(properties, tag, val="0")
    languages = document.styles["Normal"].element.get_or_add_rPr()
    _set(languages, "w:lang", val="en-US", eastAsia="zh-CN")


def grid(section: Any, pitch: float, lines: int, tracking: float) -> None:
    """22 lines and 28 characters: w:docGrid with both pitches (characters in 1/4096 pt)."""
    _set(
        section._sectPr,
        "w:docGrid",
        type="linesAndChars",
        linePitch=str(round(pitch * _TWIPS)),
        charSpace=str(round(tracking * 4096)),
    )
    assert lines * pitch <= (297 - 37 - 35) / 25.4 * 72


def exact(paragraph: Any, pitch: float) -> None:
    """An exact line pitch."""
    form = paragraph.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(pitch)


def off_grid(paragraph: Any) -> None:
    """Let a picture's line be as high as the picture."""
    _set(paragraph._element.get_or_add_pPr(), "w:snapToGrid", val="0")


def first_line(paragraph: Any) -> None:
    """First line in by two characters, whatever the size of the type."""
    properties = paragraph._element.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


def rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """A rule above or below a paragraph; its weight in eighths of a point."""
    properties = paragraph._element.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.append(borders)
    tint = colour.lstrip("#")
    _set(borders, f"w:{side}", val="single", sz=str(eighths), space="1", color=tint)


def boxed(run: Any) -> None:
    """A thin box around a run."""
    properties = run._element.get_or_add_rPr()
    _set(properties, "w:bdr", val="single", sz="6", space="0", color="3F545E")


def field(run: Any, name: str) -> None:
    """A field such as PAGE, which Word counts itself."""
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {text} "
        run._element.append(mark)


def three_rules(table: Any) -> None:
    """Rules above and below, hairlines between the rows, nothing upright."""
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    borders = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{weight}" w:space="0" w:color="{tint}"/>'
        for side, kind, weight, tint in (
            ("top", "single", 12, "000000"),
            ("left", "nil", 0, "auto"),
            ("bottom", "single", 12, "000000"),
            ("right", "nil", 0, "auto"),
            ("insideH", "single", 4, "8CA0A8"),
            ("insideV", "nil", 0, "auto"),
        )
    )
    properties = table._tbl.tblPr
    properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{borders}</w:tblBorders>"))
    margins = '<w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'
    properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))


def widths(table: Any, points: list[float]) -> None:
    """The widths of the columns."""
    for column, width in zip(table.columns, points, strict=True):
        column.width = Pt(width)


def row(made: Any, *, head: bool, keep: bool) -> None:
    """A row that never splits; the head row comes again on every page."""
    made.height_rule, made.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Pt(22)
    properties = made._tr.get_or_add_trPr()
    _set(properties, "w:cantSplit")
    if head:
        _set(properties, "w:tblHeader")


def head_rule(table: Any) -> None:
    """The rule below the head row, and every cell's text in the middle of its height."""
    for place, each in enumerate(table.rows):
        for cell in each.cells:
            cell.vertical_alignment = 1
            if place == 0:
                edge = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
                xml = f"<w:tcBorders {nsdecls('w')}>{edge}</w:tcBorders>"
                properties = cell._tc.get_or_add_tcPr()
                properties.append(parse_xml(xml))


def vector(document: Any, picture: Any, svg: bytes, name: str, alt: str) -> None:
    """Put the SVG beside a picture's PNG: new readers draw the SVG, old ones the PNG."""
    part = document.part
    place = PackURI(f"/word/media/{name}.svg")
    image = Part(place, "image/svg+xml", svg, part.package)
    link = part.relate_to(image, RELATIONSHIP_TYPE.IMAGE)
    blip = picture._inline.graphic.graphicData.pic.blipFill.blip
    blip.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{_SVG_EXTENSION}">'
            f'<asvg:svgBlip xmlns:asvg="{_SVG_NS}" {nsdecls("r")} r:embed="{link}"/>'
            "</a:ext></a:extLst>"
        )
    )
    picture._inline.docPr.set("descr", alt)
