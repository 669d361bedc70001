"""The catalog as a page for people: self-contained, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from chalicelib.api.page_style import STYLE
from chalicelib.sql.catalog import Entry, Kind

HEADINGS = {Kind.VIEW: "Views", Kind.CUBE: "Cubes", Kind.TABLE: "Tables"}
ABOUT = {
    Kind.VIEW: "Begin here: what was sent twice, what contradicts itself and old versions of records are left out.",
    Kind.CUBE: "Small, and rolled up: what the API and the dashboard read.",
    Kind.TABLE: "All that came, as it came.",
}


def page(entries: Iterable[Entry]) -> str:
    """Write the page of these entries."""
    by_kind: dict[Kind, list[Entry]] = {kind: [] for kind in HEADINGS}
    for entry in entries:
        by_kind[entry.kind].append(entry)
    links = "".join(f"<h3>{HEADINGS[kind]}</h3><p>{ABOUT[kind]}</p>{_links(of)}" for kind, of in by_kind.items())
    sections = "".join(_section(entry) for of in by_kind.values() for entry in of)
    title = "Headwater: what there is to select from"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>Times are UTC, amounts exact decimals in the currency beside them. How fresh "
        f"each entry is, how much there is and what its rows look like tells <code>GET /v1/catalog/{{name}}</code>."
        f"</p>{links}{sections}</body></html>"
    )


def _links(entries: Iterable[Entry]) -> str:
    items = (
        f'<li><a href="#{escape(e.name)}"><code>{escape(e.name)}</code></a> {escape(e.description)}</li>'
        for e in entries
    )
    return f"<ul>{''.join(items)}</ul>"


def _section(entry: Entry) -> str:
    said = [("Grain", entry.grain), ("Hidden", entry.hidden), ("Filter", entry.filtering)]
    if entry.kind is Kind.VIEW:
        said.append(("Reads", ", ".join(entry.inputs)))
    words = "".join(f"<p><strong>{name}</strong> {escape(text)}</p>" for name, text in said if text)
    rows = "".join(
        f"<tr><td><code>{escape(c.name)}</code></td><td>{escape(c.type)}</td><td>{escape(c.unit or '')}</td>"
        f"<td>{escape(c.description)}{' <em>Tells of people.</em>' if c.personal else ''}</td></tr>"
        for c in entry.columns
    )
    return (
        f'<h2 id="{escape(entry.name)}"><code>{escape(entry.name)}</code></h2><p>{escape(entry.description)}</p>'
        f"{words}<pre>{escape(entry.example)}</pre>"
        f"<table><tr><th>Column</th><th>Type</th><th>Unit</th><th>What</th></tr>{rows}</table>"
    )
