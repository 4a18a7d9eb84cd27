"""Every scene on every wall profile as a picture in docs/wall: `python -m tests.pictures`.

The real web and a real browser on a filled state whose clock stands still, so that the set shows
one moment. Without --state a demo town is loaded first. Pictures are what people look at before a
change of the wall is called done; tests/browser/wall_look.py measures what a test can.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from layouts.wall import WallProfile, load_profiles, scene_names
from tests.browser.product import ROOT
from tests.browser.test_wall_profiles import NOISE, show
from tests.browser.wall_look import REM_PX, faults, measured, viewport
from tests.pictures.page import TAKEOVER, Kept, index, one_each
from tests.pictures.takeover import raised
from tests.soak.day import entered
from tests.soak.stand import Stand, standing

KEPT_PX = 10  # pixels of 1 rem in a kept picture: every word can be read, the set stays small
QUALITY = 50
TAKEN = "#takeover.taking .alarm-bar"
TICKING = "() => /:/.test(document.querySelector('.clock').textContent)"


def main() -> int:
    """Exit 0 when every picture was taken and nothing that can be measured is wrong in it."""
    asked = words().parse_args()
    out = Path(asked.out)
    wrong: list[str] = []
    with standing(asked.state) as (stand, browser):
        stand.load()
        moment = stand.still()
        page = entered(stand, browser)
        kept = []
        for one in taken(stand, page, asked):
            kept.append(one)
            wrong += [f"{one.profile.key} {one.scene}: {said}" for said in one.faults]
            save(one, out, Path(asked.large) if asked.large else None)
    if not (asked.scene or asked.profile or asked.every):
        walls = list(load_profiles().values())
        (out / "README.md").write_text(index(kept, walls, moment), encoding="utf-8")
    print(
        f"{len(kept)} pictures, {sum(f.stat().st_size for f in out.rglob('*.webp')) / 1e6:.1f} MB"
    )
    print("\n".join(wrong))
    return 1 if wrong else 0


def words() -> argparse.ArgumentParser:
    """All pictures unless some are named."""
    made = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    made.add_argument("--state", help="a filled HONGLAN_VAR (copied); without it a town is loaded")
    made.add_argument(
        "--scene",
        action="append",
        help="only this scene (or takeover, or one with -visitors at its end); may be repeated",
    )
    made.add_argument("--profile", action="append", help="only this profile; may be repeated")
    made.add_argument("--every", action="store_true", help="walls of the same canvas as well")
    made.add_argument("--out", default=str(ROOT / "docs" / "wall"))
    made.add_argument("--large", help="a folder for the pictures as drawn, to look at closely")
    return made


def taken(stand: Stand, page: Page, asked: argparse.Namespace) -> Iterator[Kept]:
    """Each wanted scene on each wanted profile, and at last the takeover."""
    said: list[str] = []  # by the page's console since the last picture
    page.on("console", lambda one: said.append(one.text) if one.type in NOISE else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    scenes = asked.scene or [*scene_names(), TAKEOVER]
    for scene in sorted(scenes, key=lambda one: one == TAKEOVER):  # its alarm stays
        with raised(stand) if scene == TAKEOVER else nullcontext():
            for wall in wanted(asked):
                under = "overview" if scene == TAKEOVER else scene
                show(page, stand.address, viewport(wall), f"profile={wall.key}&scene={under}")
                if scene == TAKEOVER:
                    page.wait_for_selector(TAKEN, timeout=30_000)
                page.wait_for_function(TICKING)
                wrong = [*faults(wall, measured(page)), *said]
                said.clear()
                yield Kept(wall, scene, page.screenshot(), wrong)


def wanted(asked: argparse.Namespace) -> list[WallProfile]:
    """One wall of each canvas, unless all or some are asked for."""
    walls = list(load_profiles().values())
    if asked.profile:
        return [one for one in walls if one.key in asked.profile]
    return walls if asked.every else one_each(walls)


def save(one: Kept, out: Path, large: Path | None) -> None:
    """A small WebP to keep, and as drawn where asked for."""
    picture = Image.open(io.BytesIO(one.png)).convert("RGB")
    if large:
        large.mkdir(parents=True, exist_ok=True)
        picture.save(large / f"{one.profile.key}-{one.scene}.png")
    size = [round(side * KEPT_PX / REM_PX) for side in seen_size(one.profile, picture.size)]
    file = out / one.file
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.resize((size[0], size[1]), Image.Resampling.LANCZOS).save(
        file, quality=QUALITY, method=6
    )


def seen_size(wall: WallProfile, drawn: tuple[int, int]) -> tuple[float, float]:
    """What a picture measures on the wall, whose pixels may be wider than high."""
    return drawn[1] * wall.shape, float(drawn[1])


if __name__ == "__main__":
    sys.exit(main())
