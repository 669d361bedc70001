"""Events of the company's product, as its programs post them and as Mixpanel exports them.

A product that sends the same event here and to Mixpanel has it in both origins, and nothing tells that the two are one.
So there is a metric of each origin and none of both: what is counted twice nobody can take apart again. Each is as
complete as its own source is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
_INPUTS = MappingProxyType({"product_events": ("product_events",), "mixpanel_events": ("mixpanel_events",)})
_DIMENSIONS = (
    Column("origin", _S, "product: posted to us; mixpanel: exported from Mixpanel"),
    Column("source", _S, "Which program sent it: the product's own word, or Mixpanel's library; may be null"),
    Column("event", _S, "The event's name"),
)

EVENTS = Cube(
    name="product_cube",
    description="What people did in the product",
    dimensions=_DIMENSIONS,
    measures=(Measure("events", Adds.SUM, "Events"),),
    inputs=_INPUTS,
)

USERS = Cube(
    name="product_users_cube",
    description="Who used the product",
    dimensions=_DIMENSIONS,
    measures=(),
    inputs=_INPUTS,
    member=Column("member", _S, "Person: the product's user id, else its anonymous id; Mixpanel's distinct id"),
)

CUBES: Final = (EVENTS, USERS)

_OF = {"product_events": "product", "mixpanel_events": "mixpanel"}
_TWICE = "A product that sends an event both here and to Mixpanel has it in both metrics: never add them up."


def _of_origin(name: str, title: str, kind: Kind, source: str, description: str) -> Metric:
    cube, measure, unit = (EVENTS, "events", "events") if kind is Kind.COUNTER else (USERS, "member", "people")
    only = (("origin", _OF[source]),)
    return Metric(
        name, title, unit, kind, cube.name, measure, source, ("event", "source"), f"{description} {_TWICE}", only
    )


METRICS: Final = (
    _of_origin(
        "product_events",
        "Product events",
        Kind.COUNTER,
        "product_events",
        "Events that the product posted, each once however often it was sent.",
    ),
    _of_origin(
        "active_users",
        "Active users",
        Kind.UNIQUE,
        "product_events",
        "Different people of whom the product posted an event in the period: by user id, else by anonymous id.",
    ),
    _of_origin(
        "mixpanel_events",
        "Mixpanel events",
        Kind.COUNTER,
        "mixpanel_events",
        "Events that Mixpanel exported, each once however often it was sent.",
    ),
    _of_origin(
        "mixpanel_active_users",
        "Active users in Mixpanel",
        Kind.UNIQUE,
        "mixpanel_events",
        "Different people (distinct ids) of whom Mixpanel has an event in the period.",
    ),
)
