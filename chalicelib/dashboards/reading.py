"""A dashboard as people send it, held against what there is; every fault at once, with its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.dashboards.faults import Faults
from chalicelib.dashboards.fields import id_of, line_of, range_of, target_of, text_of, whole_number, zone_of
from chalicelib.dashboards.questions import Frame, Known, misshapen, read_question
from chalicelib.dashboards.widgets import (
    COLUMNS,
    CONTENT,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_TEXT,
    MOST_ROWS,
    MOST_WIDGETS,
    UNASKED,
    USUAL_RANGE,
    WIDGET,
    Kind,
    whole,
    whole_widget,
)
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError

_NONE: Final[Mapping[str, Any]] = {}


def read_dashboard(given: Mapping[str, Any], known: Known, standing: Mapping[str, Any] = _NONE) -> dict[str, Any]:
    """Read a dashboard.

    Parameters
    ----------
    standing
        How it stands, where it is changed. A widget that asks what it asked before is not held against what there is:
        a metric that was deleted since keeps nobody from changing the rest.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong, the first fifty of them.
    """
    faults = Faults()
    faults.unknown("", given, tuple(CONTENT))
    span = given.get("range", USUAL_RANGE)
    usual: str | dict[str, str] = USUAL_RANGE
    frame = Frame(
        faults.read("range", lambda: range_of(span), usual),
        None if given.get("tz") is None else faults.read("tz", lambda: zone_of(given["tz"]), None),
    )
    content = {
        "name": faults.read("name", lambda: line_of(given.get("name"), MAX_NAME, 1), ""),
        "description": faults.read("description", lambda: text_of(given.get("description", ""), MAX_DESCRIPTION), ""),
        "range": frame.range,
        "tz": frame.tz,
        "widgets": _widgets(given.get("widgets", []), frame, known, _asked(standing), faults),
    }
    if faults.found:
        raise RequestError("One or more fields are wrong.", errors=tuple(faults.found))
    return whole(content)


def _asked(standing: Mapping[str, Any]) -> list[Any]:
    """Answer the questions that stand."""
    return [widget["question"] for widget in whole(standing)["widgets"] if widget["question"] is not None]


def _widgets(given: Any, frame: Frame, known: Known, asked: Sequence[Any], faults: Faults) -> list[dict[str, Any]]:
    if not isinstance(given, list) or len(given) > MOST_WIDGETS:
        faults.add("widgets", f"A list of at most {MOST_WIDGETS} widgets is needed.")
        return []
    found: list[dict[str, Any]] = []
    for at, widget in enumerate(given):
        if faults.full:
            faults.add("…", "There may be more that is wrong, further on: it is looked at when this is right.")
            break
        place = f"widgets[{at}]"
        if not isinstance(widget, Mapping):
            faults.add(place, "A widget is an object: id, kind, title, width, height, question, text, target.")
            continue
        made = _widget(widget, place, frame, known, asked, faults)
        if any(made["id"] == other["id"] for other in found):
            faults.add(f"{place}.id", "Another widget has this id: each has its own.")
        found.append(made)
    return found


def _widget(
    given: Mapping[str, Any], place: str, frame: Frame, known: Known, asked: Sequence[Any], faults: Faults
) -> dict[str, Any]:
    faults.unknown(f"{place}.", given, tuple(WIDGET))
    filled = {**WIDGET, **given}
    kind = faults.read(f"{place}.kind", lambda: Kind(one_of(str(filled["kind"])[:64], Kind, "kind of widget")), None)
    made: dict[str, Any] = {
        "id": faults.read(f"{place}.id", lambda: id_of(filled["id"]), f"?{place}"),
        "kind": None if kind is None else kind.value,
        "title": faults.read(f"{place}.title", lambda: line_of(filled["title"], MAX_NAME), ""),
        "width": faults.read(f"{place}.width", lambda: whole_number(filled["width"], COLUMNS), 1),
        "height": faults.read(f"{place}.height", lambda: whole_number(filled["height"], MOST_ROWS), 1),
        "question": None,
        "text": None,
        "target": None,
    }
    if kind is not None:
        made |= _about(kind, filled, place, faults)
        if kind not in UNASKED:
            made["question"] = _question(kind, filled["question"], place, frame, known, asked, faults)
    return whole_widget(made)


def _about(kind: Kind, filled: Mapping[str, Any], place: str, faults: Faults) -> dict[str, Any]:
    """Read what only some kinds have."""
    made: dict[str, Any] = {}
    if kind is Kind.TEXT:
        made["text"] = faults.read(f"{place}.text", lambda: text_of(filled["text"], MAX_TEXT), "")
    elif filled["text"] is not None:
        faults.add(f"{place}.text", f"Only a widget of kind 'text' has a text: null is needed with '{kind}'.")
    if filled["target"] is not None and kind is not Kind.GAUGE:
        faults.add(f"{place}.target", f"Only a gauge has a full mark: null is needed with '{kind}'.")
    elif filled["target"] is not None:
        made["target"] = faults.read(f"{place}.target", lambda: target_of(filled["target"]), None)
    if filled["question"] is not None and kind in UNASKED:
        faults.add(f"{place}.question", f"A widget of kind '{kind}' asks nothing: null is needed.")
    return made


def _question(
    kind: Kind, given: Any, place: str, frame: Frame, known: Known, asked: Sequence[Any], faults: Faults
) -> dict[str, Any] | None:
    if given is not None and given in asked:
        return dict(given)
    place = f"{place}.question"
    if isinstance(given, Mapping) and (wrong := misshapen(kind, given)) is not None:
        faults.add(f"{place}.{wrong[0]}", wrong[1])
    return read_question(given, place, frame, known, faults)
