"""What a process has used, as the operating system counted it."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any


def report(**figures: Any) -> None:
    """Print one line of JSON: CPU seconds of all threads, the most memory there ever was, and what is given."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024, **figures}))
    sys.stdout.flush()
