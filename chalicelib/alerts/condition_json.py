"""What a rule looks for, as JSON. Pure.

::

    {"kind": "level", "side": "low", "threshold": 100, "recover": 120}
    {"kind": "change", "compare": "week", "of": "ratio", "side": "low", "threshold": -0.2, "recover": -0.1}
    {"kind": "no_data", "zero": true}
    {"kind": "anomaly", "sides": "both", "sensitivity": 3.5, "recover": 2, "weeks": 6}
    {"kind": "incidents", "subjects": ["github_*"], "kinds": ["late"]}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from chalicelib.alerts.fields import Fields, chosen, decimal, several, text, truth, whole
from chalicelib.alerts.rule import Anomaly, Change, Condition, Incidents, Level, NoData, Of, Side, Sides
from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import one_of
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.metrics.values import number

PATH: Final = "condition"
_NOTHING: Final = Decimal(0)
_MOST_SUBJECTS: Final = 20


def read_condition(given: Any) -> tuple[Condition, list[Fault]]:
    """Read a condition, and what is wrong with it by the path of each field."""
    said = "An object is needed, such as {'kind': 'level', 'side': 'low', 'threshold': 100}."
    if not isinstance(given, Mapping):
        return NoData(), [{"parameter": PATH, "detail": said}]
    kind = given.get("kind")
    try:
        known, read = _KINDS[one_of(kind if isinstance(kind, str) else str(kind), _KINDS, "kind of condition")]
    except ValueError as error:
        return NoData(), [fault(f"{PATH}.kind", error)]
    fields = Fields(given, ("kind", *known), f"{PATH}.")
    return read(fields), fields.errors


def write_condition(condition: Condition) -> dict[str, Any]:
    """Write a condition so that :func:`read_condition` reads the same."""
    match condition:
        case Level(side, threshold, recover):
            return {"kind": "level", "side": side.value, "threshold": number(threshold), "recover": number(recover)}
        case Change(versus, of, side, threshold, recover, matched):
            return {
                "kind": "change",
                "compare": versus.value,
                "match": None if matched is None else matched.value,
                "of": of.value,
                "side": side.value,
                "threshold": number(threshold),
                "recover": number(recover),
            }
        case NoData(zero):
            return {"kind": "no_data", "zero": zero}
        case Anomaly(sides, sensitivity, recover, weeks):
            return {
                "kind": "anomaly",
                "sides": sides.value,
                "sensitivity": number(sensitivity),
                "recover": number(recover),
                "weeks": weeks,
            }
        case Incidents(subjects, kinds):
            return {"kind": "incidents", "subjects": list(subjects), "kinds": list(kinds)}


def _level(fields: Fields) -> Level:
    side = fields.need("side", Side.HIGH, chosen(Side, "side"))
    return Level(side, *_mark(fields, side))


def _change(fields: Fields) -> Change:
    side = fields.need("side", Side.HIGH, chosen(Side, "side"))
    threshold, recover = _mark(fields, side)
    versus = fields.need("compare", Versus.PREVIOUS_PERIOD, chosen(Versus, "comparison"))
    of = fields.read("of", Of.RATIO, chosen(Of, "measure of a change"))
    return Change(versus, of, side, threshold, recover, fields.read("match", None, chosen(Match, "way to match")))


def _mark(fields: Fields, side: Side) -> tuple[Decimal, Decimal | None]:
    """Read the mark, and the one of recovery, which lies on the good side of it."""
    threshold = fields.need("threshold", _NOTHING, decimal)
    recover: Decimal | None = fields.read("recover", None, decimal)
    beyond = recover is not None and (recover > threshold if side is Side.HIGH else recover < threshold)
    if beyond:
        fields.wrong("recover", f"It is at most the threshold of a high mark, at least that of a low one: {threshold}.")
    return threshold, recover


def _no_data(fields: Fields) -> NoData:
    return NoData(fields.read("zero", True, truth))


def _anomaly(fields: Fields) -> Anomaly:
    usual = Anomaly()
    sensitivity = fields.read("sensitivity", usual.sensitivity, decimal)
    recover: Decimal | None = fields.read("recover", None, decimal)
    if not 0 < sensitivity <= 1000:
        fields.wrong("sensitivity", "A number above 0, at most 1000: how many spreads from the usual are too far.")
    if recover is not None and not 0 <= recover <= sensitivity:
        fields.wrong("recover", "A number from 0 to the sensitivity.")
    sides = fields.read("sides", usual.sides, chosen(Sides, "side"))
    return Anomaly(sides, sensitivity, recover, fields.read("weeks", usual.weeks, whole(3, 12)))


def _incidents(fields: Fields) -> Incidents:
    subjects: tuple[str, ...] = fields.read("subjects", Incidents().subjects, several(text(80), _MOST_SUBJECTS, 1))
    return Incidents(subjects, fields.read("kinds", (), several(text(40), _MOST_SUBJECTS)))


_KINDS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Fields], Condition]]]] = {
    "level": (("side", "threshold", "recover"), _level),
    "change": (("compare", "match", "of", "side", "threshold", "recover"), _change),
    "no_data": (("zero",), _no_data),
    "anomaly": (("sides", "sensitivity", "recover", "weeks"), _anomaly),
    "incidents": (("subjects", "kinds"), _incidents),
}
