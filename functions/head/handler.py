"""Every minute: the common questions, answered before anybody asks them, where a cube has moved since."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.dashboards.first_questions import first_questions
from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError, StoreUnavailable
from chalicelib.metrics.head import Head
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.stored import StoredAnswers
from chalicelib.settings import HeadSettings, from_env
from chalicelib.sources.rank_tracker_positions import RankTrackerPositions
from functions import wiring

logger = Logger(service="head")

_CUBES = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key
_RESERVE_MS = 15_000  # with less of the Lambda's time left no other question is begun


@cache
def settings() -> HeadSettings:
    """Read the environment once."""
    return from_env(HeadSettings, os.environ)


@cache
def head() -> Head:
    """Put it together once a process: files of cubes stay, and what is known to be kept."""
    stored = StoredAnswers(lambda: wiring.store(settings().results_bucket), logger.warning)
    series = SeriesQuery(lambda: wiring.store(settings().lake_bucket), system_clock, _CUBES, stored)
    at = wiring.reporting_zone(settings().reporting_zone)
    return Head(series, lambda: first_questions(system_clock(), at, own_brand(), series.watermark), logger.error)


def own_brand() -> str | None:
    """Answer the company's own brand in search, by which pages ask; None where there is none, or nobody can tell."""
    with suppress(ConfigError, StoreUnavailable):
        tracked = wiring.sources(settings().lake_bucket).sections.get(RankTrackerPositions.name, {})
        return next(iter(tracked.get("brands", {}).values()), None)
    return None


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Answer what was done. Raises when a question could not be answered, for `watch` to tell."""
    look = head().look(lambda: context.get_remaining_time_in_millis() > _RESERVE_MS)
    (logger.warning if look.left else logger.info)("head", extra=asdict(look))
    if look.failed:
        raise RuntimeError(f"{look.failed} of {look.questions} questions could not be answered ahead: see the log")
    wiring.beat(settings().state_table, "head")
    return asdict(look)
