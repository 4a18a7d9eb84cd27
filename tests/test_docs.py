"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.platforms import TRANSPORTS, load_platforms
from dashboard.gate.rules import FIXED, PATTERNS, Rulebook
from deploy.docs import metrics_page
from etl import described, registry
from warehouse.metric import load_metrics
from warehouse.sift import TESTS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_generated_metrics_page_is_what_the_code_generates():
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == metrics_page(), "run make docs"


def test_the_generated_platforms_page_is_what_the_modules_declare():
    written = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
    assert written == f"{described.page()}\n", "run make docs"
    for key, platform in load_platforms().items():
        assert f"## {key}" in written and platform.owner in written
        for name, table in registry.module(key).TABLES.items():
            assert f"### `{name}`" in written
            assert all(
                f"| `{column}` | {one.label} |" in written for column, one in table.columns.items()
            )


def test_the_readme_fits_on_a_few_screens():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_points_to_is_there(page: Path):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(
        r"`((?:config|docs|tests|warehouse|dashboard|etl|layouts|deploy)/[^`<>*${} ]+)`", text
    )
    for link in links:
        assert (page.parent / link).exists(), f"{page.name} points to {link}"
    for path in named:
        assert (ROOT / path.rstrip("/")).exists(), f"{page.name} names {path}"


def test_every_address_for_programs_stands_in_the_page_on_the_api():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([A-Z]+) \| `(/api/v1/[^`]+)` \|", page, re.M)
    filled = {(method, _filled(address)) for method, address in told}
    rules = [(method, re.compile(re.escape(path))) for method, path in FIXED]
    rules += [(method, pattern) for method, pattern, _ in PATTERNS]
    ours = [one for one in rules if one[1].pattern.startswith("/api/v1/")]
    unsaid = [
        (method, pattern.pattern)
        for method, pattern in ours
        if not any(method == verb and pattern.fullmatch(path) for verb, path in filled)
    ]
    assert len(ours) > 12 and unsaid == []
    book = Rulebook()
    assert [one for one in filled if book.rule(*one) is None] == []
    assert all(f"`{test}`" in page for test in TESTS)


def _filled(address: str) -> str:
    """An address of the page as a program would call it."""
    words = {"id": "grid_open", "job": "A" * 22, "report": "A" * 43, "format": "pdf"}
    return address.format(**words, name="zhang.san")


def test_every_platform_and_transport_is_named_somewhere_in_the_documents():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    text += (ROOT / "config" / "platforms.toml").read_text(encoding="utf-8")
    for word in (*load_platforms(), *TRANSPORTS):
        assert word in text


def test_every_make_target_says_what_it_does():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", text, re.M)
    assert len(targets) >= 7
    for target in targets:
        assert re.search(rf"^{target}:.*## .+", text, re.M), target


def test_every_metric_names_its_source_document_and_owner():
    metrics = load_metrics()
    assert len(metrics) >= 19
    for metric in metrics.values():
        assert metric.document and metric.owner and metric.formula, metric.id


def test_the_english_and_the_chinese_readme_show_the_same_pictures():
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\((docs/pictures/[^)]+)\)", README)
    assert pictures == re.findall(r"\((docs/pictures/[^)]+)\)", chinese)
