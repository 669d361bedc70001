"""Wishes as JSON: as they are kept, and as the API shows them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.outbox.message import Severity
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Wishes


def wishes_to_json(wishes: Wishes) -> dict[str, Any]:
    """Write wishes."""
    return {
        "alerts": list(wishes.alerts),
        "incidents": list(wishes.incidents),
        "reports": list(wishes.reports),
        "least": wishes.least.value,
        "digest": None if wishes.digest is None else _digest_to_json(wishes.digest),
    }


def wishes_from_json(said: Mapping[str, Any]) -> Wishes:
    """Read wishes that were written by us."""
    return Wishes(
        alerts=tuple(said["alerts"]),
        incidents=tuple(said["incidents"]),
        reports=tuple(said["reports"]),
        least=Severity(said["least"]),
        digest=None if said["digest"] is None else _digest_from_json(said["digest"]),
    )


def _digest_to_json(digest: DigestWish) -> dict[str, Any]:
    return {
        "cadence": digest.cadence.value,
        "hour": digest.hour,
        "weekday": digest.weekday,
        "zone": digest.zone,
        "metrics": list(digest.metrics),
    }


def _digest_from_json(said: Mapping[str, Any]) -> DigestWish:
    return DigestWish(
        cadence=Cadence(said["cadence"]),
        hour=said["hour"],
        weekday=said["weekday"],
        zone=said["zone"],
        metrics=tuple(said["metrics"]),
    )
