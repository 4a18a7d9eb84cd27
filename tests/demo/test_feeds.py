"""The town stands in for exactly the platforms that say they are demo ones."""

from pathlib import Path

from config.platforms import load_platforms
from demo import feeds


def test_every_demo_platform_has_its_feed_and_no_feed_plays_for_nobody():
    played = {file.stem for file in Path(feeds.__file__).parent.glob("*.py")} - {"__init__"}
    assert played == {key for key, platform in load_platforms().items() if platform.demo}
