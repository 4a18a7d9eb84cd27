"""Who may import whom (design: the house), read from the syntax tree of every file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("config", "warehouse", "etl", "cases", "layouts", "dashboard", "demo", "deploy")
MAY_IMPORT = {
    "config": {"config"},
    "layouts": {"layouts"},
    "warehouse": {"warehouse", "config"},
    "cases": {"cases", "config"},
    "etl": {"etl", "config", "warehouse", "cases"},
    "dashboard": {"dashboard", "config", "cases", "layouts", "warehouse.read", "warehouse.errors"},
    "demo": {"demo", "config"},
    "deploy": {"deploy", "config", "warehouse.metric"},
}
RESERVED = {  # third-party package: where it may be imported
    "duckdb": ("warehouse/",),
    # one door of the web side asks another machine: the site's identity provider (decision 020)
    "httpx": ("etl/transports/", "demo/", "dashboard/gate/provider.py"),
    "authlib": ("dashboard/gate/",),
    "joserfc": ("dashboard/gate/",),
    "paho": ("etl/transports/", "demo/"),
    "psycopg": ("cases/", "etl/transports/", "demo/"),
    "pymysql": ("etl/transports/", "demo/"),
    "fsspec": ("etl/transports/", "demo/"),
    "dash": ("dashboard/",),
    "plotly": ("dashboard/",),
    "dash_leaflet": ("dashboard/",),
    "dash_mantine_components": ("dashboard/",),
    "dash_ag_grid": ("dashboard/",),
    "sqlalchemy": ("cases/", "etl/transports/", "demo/"),
    "alembic": ("cases/",),
}
MARKS = (  # what panels are made of: marks, measures and shapes, without data
    "dashboard.pages.marks",
    "dashboard.pages.twin",
    "dashboard.wall.ahead",
    "dashboard.wall.charts",
    "dashboard.wall.label_places",
    "dashboard.wall.map_places",
    "dashboard.wall.parts",
    "dashboard.wall.rank_shape",
    "dashboard.wall.rise",
    "dashboard.wall.terrain",
    "dashboard.wall.water",
    "dashboard.wall.widths",
)
FILES = sorted(path for room in OURS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, with its line; `from a import b` counts as a and as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            assert node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def test_every_room_is_found():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(OURS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_room_may(path: Path):
    place = path.relative_to(ROOT).as_posix()
    room = place.split("/")[0]
    for line, module in imports(path):
        top = module.split(".")[0]
        if top in OURS:
            assert within(module, MAY_IMPORT[room]), f"{place}:{line} imports {module}"
        for package, rooms in RESERVED.items():
            if top == package:
                assert place.startswith(rooms), f"{place}:{line} imports {package}"


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("etl/platforms", {"warehouse.schema", "etl.errors", "etl.formats"}),
        ("dashboard/panels", {"dashboard.wording", "dashboard.theme", *MARKS}),
        ("dashboard/panels/shapes", {"dashboard.wording", "dashboard.theme", *MARKS}),
    ],
)
def test_members_of_a_family_never_import_each_other_or_the_world(folder, allowed):
    members = sorted((ROOT / folder).glob("*.py"))
    assert len(members) > 3, f"no members found in {folder}"
    for path in members:
        for line, module in imports(path):
            if module.split(".")[0] in OURS:
                assert within(module, allowed), f"{path.name}:{line} imports {module}"


def test_nothing_but_its_own_main_imports_demo():
    for path in FILES:
        room = path.relative_to(ROOT).parts[0]
        if room not in ("demo",):
            assert not any(module.split(".")[0] == "demo" for _, module in imports(path)), path


def test_time_comes_from_the_clock():
    """datetime.now() and date.today() stand only in config/clock.py."""
    for path in FILES:
        if path.name == "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                text = ast.unparse(node.func)
                assert not text.endswith(("datetime.now", "date.today", "datetime.utcnow")), (
                    f"{path.relative_to(ROOT)}:{node.lineno} calls {text}"
                )
