"""Where reports are kept: in the state table, each changed by one writer at a time.

A report that was deleted leaves its item: its version has to be counted on, and its runs stay with its name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.records import Shelf
from chalicelib.reports.report import Report, read_content, read_schedule, write_content, write_schedule

PK: Final = "report"
MOST: Final = 200
"""Reports that there may be, all people's together."""
_INSTANTS: Final = ("since", "created_at", "updated_at")
_WORDS: Final = ("enabled", "created_by", "updated_by", "request", "key", "deleted")


def _to_item(report: Report) -> dict[str, Any]:
    return {
        "content": json.dumps(write_content(report.content), ensure_ascii=False),
        "schedule": write_schedule(report.schedule),
        **{name: getattr(report, name) for name in _WORDS},
        **{name: getattr(report, name).isoformat() for name in _INSTANTS},
    }


def _from_item(name: str, item: Mapping[str, Any]) -> Report:
    fields: dict[str, Any] = {field: item[field] for field in _WORDS}
    fields |= {field: datetime.fromisoformat(item[field]) for field in _INSTANTS}
    content, schedule = read_content(json.loads(item["content"])), read_schedule(item["schedule"])
    return Report(name=name, content=content, schedule=schedule, **fields, version=item["version"])


SHELF: Final = Shelf(PK, lambda report: report.name, _to_item, _from_item)
every, read, write = SHELF.every, SHELF.read, SHELF.write
