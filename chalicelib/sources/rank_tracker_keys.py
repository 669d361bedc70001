"""What may be configured for a rank tracker: its addresses and field names, and what shares are made of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from chalicelib.sources import keys
from chalicelib.sources.keys import Key
from chalicelib.sources.share_of_voice import CLICK_CURVE


def path(value: Any) -> str | None:
    """Accept a path below the root."""
    good = isinstance(value, str) and re.fullmatch(r"/[^\s?#]*", value)
    return None if good else 'write a path that begins with a slash, such as "/v3/util/urls"'


def path_of_id(value: Any) -> str | None:
    """Accept a path with a place for the id.

    >>> path_of_id("/v3/history")
    'write a path with {id} where the id belongs, such as "/v3/urls/history/{id}"'
    """
    good = path(value) is None and value.count("{id}") == 1
    return None if good else 'write a path with {id} where the id belongs, such as "/v3/urls/history/{id}"'


def with_token(value: Any) -> str | None:
    """Accept a header's value with a place for the token."""
    good = isinstance(value, str) and value.count("{token}") == 1 and value.isprintable()
    return None if good else 'write {token} where the token belongs, such as "Bearer {token}"'


def header(value: Any) -> str | None:
    """Accept the name of a header."""
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9-]+", value)
    return None if good else 'write the name of a header, such as "X-TOKEN"'


def field(value: Any) -> str | None:
    """Accept the way to a field: names with dots between them.

    >>> field("data..terms")
    'write the way to a field, names with dots between them, such as "data.terms"'
    """
    good = isinstance(value, str) and re.fullmatch(r"[^\s.]+(\.[^\s.]+)*", value)
    return None if good else 'write the way to a field, names with dots between them, such as "data.terms"'


def rate(value: Any) -> str | None:
    """Accept a share of clicks, exact because it is text.

    >>> rate("28.5")
    'write shares of clicks as texts from "0" to "1", with at most four places, such as "0.285"'
    """
    good = isinstance(value, str) and re.fullmatch(r"[01](\.[0-9]{1,4})?", value, re.ASCII) and Decimal(value) <= 1
    return (
        None if good else 'write shares of clicks as texts from "0" to "1", with at most four places, such as "0.285"'
    )


def curve(value: Any) -> str | None:
    """Accept a click curve: rates, of the first place, the second, …; two places may have the same rate."""
    if not isinstance(value, list | tuple) or not value:
        return "write a list between brackets, with at least one element"
    return next((problem for problem in map(rate, value) if problem), None)


KEYS = (
    Key("base_url", keys.url, "the root of the rank tracker's API", "https://api.proranktracker.com"),
    Key("brands", keys.table_of(keys.text, keys.text), 'brands by domain, {"acme.com" = "Acme"}, competitors too'),
    Key("keyword_weights", keys.table_of(keys.text, keys.positive), "what keywords weigh; 1 where none is named", {}),
    Key("click_curve", curve, "the share of searches that click on the first place, the second, …", CLICK_CURVE),
    Key("deepest_position", keys.positive, "how deep the rank tracker looks; what lies deeper is not ranked", 100),
    Key("urls_path", path, "where the tracked pages are listed", "/v3/util/urls"),
    Key("history_path", path_of_id, "where a page's history is", "/v3/urls/history/{id}"),
    Key("token_header", header, "the header that carries the token", "X-TOKEN"),
    Key("token_value", with_token, "what the header says", "{token}"),
    Key("from_parameter", keys.text, "the parameter of the first day", "from"),
    Key("to_parameter", keys.text, "the parameter of the last day, which is included", "to"),
    Key("per_page_parameter", keys.text, "the parameter of how many terms a page holds", "per_page"),
    Key("page_parameter", keys.text, "the parameter of the page's number, from 1", "page"),
    Key("per_page", keys.positive, "how many terms a page holds", 100),
    Key("urls_list", field, "the field of the tracked pages", "urls"),
    Key("url_id", field, "a tracked page's id", "id"),
    Key("url_name", field, "a tracked page's address", "url"),
    Key("terms_list", field, "the field of the keywords in a history", "terms"),
    Key("term_name", field, "a keyword's text", "term"),
    Key("term_engine", field, "a keyword's search engine", "engine"),
    Key("history_list", field, "a keyword's checks", "rankhistory"),
    Key("checked_field", field, "a check's day or instant", "checked"),
    Key("rank_field", field, "a check's place", "rank"),
    Key("calls_per_day", keys.positive, "how many calls may be made a day", 500),
    keys.start(),
)
