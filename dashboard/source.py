"""What pages, wall, API and reports draw from: one reader, one store, the site's facts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from cases.store import Store, open_store
from config.environment import environment
from config.platforms import Platform, known_platforms
from config.site import Site, load_site
from config.thresholds import Thresholds, load_thresholds
from dashboard.ahead import Ahead
from dashboard.gate import caller
from dashboard.kept import Kept
from warehouse.read import Reader


class Data:
    """Everything that is read; the files of the site are read anew when they change."""

    def __init__(self, var: Path) -> None:
        self._reader: Reader = Reader(var)
        self.store: Store = open_store()
        self.kept = Kept()
        self.ahead = Ahead(self.kept)
        self._loaded: tuple[object, ...] = ()
        self._edition = 0

    @property
    def reader(self) -> Reader:
        """The warehouse as the one who is asking may read it.

        Pages, proofs, tables, API, exports and reports all read through here, so that the policy
        holds for what has not been written yet. Outside a request no case is read.
        """
        right = caller.current().right
        return self._reader.within(right.scope, wall=right.wall_only)

    def close(self) -> None:
        """Give the snapshot back."""
        self.ahead.close()
        self.kept.clear()
        self._reader.close()

    @property
    def edition(self) -> int:
        """Another number as soon as a file of the site was read anew."""
        loaded = (self.site, self.platforms, self.thresholds)
        if any(new is not old for new, old in zip_longest(loaded, self._loaded)):
            self._loaded, self._edition = loaded, self._edition + 1
        return self._edition

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """The configured platforms by key."""
        return known_platforms()

    @property
    def site(self) -> Site:
        """The street's facts."""
        return load_site()

    @property
    def thresholds(self) -> Thresholds:
        """Levels, targets and bands."""
        return load_thresholds()


def data() -> Data:
    """The one source of this process for the present state folder."""
    return _data(environment().var, os.environ.get("HONGLAN_CASES_URL", ""))


@lru_cache(maxsize=4)
def _data(var: Path, _store: str) -> Data:
    return Data(var)
