"""Every cube, once: what infra makes Glue tables of, what the roll-up computes, what the API reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.metrics.cube import Cube
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

_ALL = (
    *downloads.CUBES,
    *github.CUBES,
    *pipeline.CUBES,
    *audience.CUBES,
    *audience_days.CUBES,
    *mentions.CUBES,
    *seo.CUBES,
    *web.CUBES,
    *web_visits.CUBES,
    *product.CUBES,
)

CUBES: Mapping[str, Cube] = MappingProxyType({cube.name: cube for cube in _ALL})
"""Every cube by its name."""
