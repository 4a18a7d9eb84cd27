"""pandas, with which tests of real files work figures out a second time.

It lies beside the packages of the product: pyarrow loads it into every process that finds it, which
costs half a second and 60 MB each.
"""

import sys

from config.environment import ROOT

sys.path.append(str(ROOT / ".venv" / "pandas"))

import pandas as pd

__all__ = ["pd"]
