"""Closed days become one file each, the catalog is checked, and what nobody needs is collected."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.dashboards import kept as dashboards
from chalicelib.domain.clock import system_clock
from chalicelib.errors import HeadwaterError
from chalicelib.ingest.intake import new_attempt
from chalicelib.lake import layout
from chalicelib.lake.collect import Collection
from chalicelib.lake.compaction import Compaction, heal_folders
from chalicelib.lake.writer import Parquet
from chalicelib.metrics.collect import collect
from chalicelib.metrics.own_state import retired_cubes
from chalicelib.settings import CompactSettings, from_env
from chalicelib.sources.base import Source
from functions import wiring

logger = Logger(service="compact")
HEALED = timedelta(days=400)


@cache
def settings() -> CompactSettings:
    """Read the environment once."""
    return from_env(CompactSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Look after every configured stream and cube; one that fails keeps no other from it, but the run then fails."""
    failed = []
    for name in wiring.sources(settings().lake_bucket).enabled:
        try:
            look_after(wiring.source(name), context)
        except HeadwaterError:
            logger.exception("failed", stream=name)
            failed.append(name)
    for cube in wiring.cubes(settings().state_table).values():
        try:
            collected = collect(wiring.store(settings().lake_bucket), cube, system_clock())
            logger.info("looked after", stream=cube.name, collected=collected)
        except HeadwaterError:
            logger.exception("failed", stream=cube.name)
            failed.append(cube.name)
    retire(context)
    state, deadline = wiring.state(settings().state_table), wiring.deadline(context)
    swept = dashboards.sweep(state, system_clock(), lambda: system_clock() < deadline)
    logger.info("swept", extra={"writes": swept})
    if failed:
        raise RuntimeError(f"compaction failed for {', '.join(failed)}: see the log")
    wiring.beat(settings().state_table, "compact")
    return {}


def retire(context: wiring.Context) -> None:
    """Delete the files of people's metrics that were changed or deleted a while ago."""
    store, deadline = wiring.store(settings().lake_bucket), wiring.deadline(context)
    for cube in retired_cubes(wiring.state(settings().state_table), system_clock()):
        if system_clock() >= deadline:
            return  # tomorrow
        for table in (cube, f"{cube}_day"):
            for found in list(store.list(layout.table(table))):
                store.delete(found.key)


def look_after(source: Source, context: wiring.Context) -> None:
    """Compact, heal and collect one stream."""
    log = wiring.stream_log(settings().lake_bucket, settings().database, source.name)
    compaction = Compaction(log, source.tables, Parquet(), system_clock, new_attempt)
    compacted = compaction.run(wiring.deadline(context))
    healed = heal_folders(log, source.tables, (system_clock() - HEALED).date())
    collected = Collection(log, source.tables, system_clock).run()
    logger.info("looked after", stream=source.name, compacted=compacted, healed=healed, collected=collected)
