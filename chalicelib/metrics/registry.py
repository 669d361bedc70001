"""Every metric, once: what the API validates and documents, what the dashboard labels, what a cube must hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chalicelib.metrics.declared import (
    audience,
    audience_days,
    downloads,
    github,
    mentions,
    pipeline,
    product,
    seo,
    web,
    web_visits,
)
from chalicelib.metrics.metric import Metric

_ALL = (
    *downloads.METRICS,
    *github.METRICS,
    *pipeline.METRICS,
    *audience.METRICS,
    *audience_days.METRICS,
    *mentions.METRICS,
    *seo.METRICS,
    *web.METRICS,
    *web_visits.METRICS,
    *product.METRICS,
)

METRICS: Final[Mapping[str, Metric]] = MappingProxyType({metric.name: metric for metric in _ALL})
"""Every metric, by name."""
