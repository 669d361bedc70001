"""What an organisation's own words mean: the status of a lead, the stage of an opportunity, as a step of the pipeline.

Salesforce has no object for a raw lead, an inquiry or an MQL; every organisation names its statuses itself. The
configuration says which status is which step. A status that it does not name is kept, as ``other``. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.sources import keys

STEPS = ("raw_lead", "inquiry", "mql", "opportunity", "won", "lost")
OTHER = "other"


def step(value: Any) -> str | None:
    """Accept a step of the pipeline.

    >>> step("MQL")
    'write a step of the pipeline: one of raw_lead, inquiry, mql, opportunity, won, lost'
    """
    return None if value in STEPS else f"write a step of the pipeline: one of {', '.join(STEPS)}"


statuses = keys.table_of(keys.text, step)
"""Accept a table of statuses with their steps."""


def step_of(status: str | None, meaning: Mapping[str, str]) -> str | None:
    """Answer the step of a status: ``other`` where nobody said which, None where there is no status.

    >>> step_of("Working", {"Working": "inquiry"}), step_of("Nurture", {"Working": "inquiry"}), step_of(None, {})
    ('inquiry', 'other', None)
    """
    return None if status is None else meaning.get(status, OTHER)
