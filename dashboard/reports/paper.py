"""The official page of GB/T 9704: A4, 22 lines of 28 characters, and the faces of the report.

Line pitch: 225 mm / 22 = 28.99 pt; at 28.95 all 22 lines fit. Character pitch: 156 mm / 28 =
15.79 pt, that is size 3 (16 pt) set 0.21 pt closer.
"""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
PAGE_MM = (210, 297)
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
LINES = 22
CHARACTERS = 28
LINE_PT = 28.95
BODY_PT = 16.0
TITLE_PT = 22.0
HEAD_PT = 38.0
SMALL_PT = 10.5
CAPTION_PT = 13.0
FOOT_PT = 16.0  # the line of small type under a chart
PAGE_NUMBER_PT = 14.0
TRACKING_PT = -0.21
TEXT_WIDTH_PT = 156 / 25.4 * 72
HEAD_RED = "#C8102E"  # the red of the official head; no rank
