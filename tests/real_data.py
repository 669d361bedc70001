"""Where the real data that nobody here wrote lies: beside the project, or where HEADWATER_SHARED_DATA says."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ.get("HEADWATER_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
