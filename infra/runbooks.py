"""The runbooks as pages of the site, so that a message about an incident can lead to one: ``docs/runbooks`` as HTML.

They ask for no login: whoever is woken by an incident reads first. They hold no secret, and nothing of a deployment.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).resolve().parents[1]
RUNBOOKS: Final = ROOT / "docs" / "runbooks"
FOLDER: Final = "runbooks"
"""Under the site's root."""

# The site's content security policy allows no style in a page.
STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
code { font-size: .9em; overflow-wrap: break-word; }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid #8886; border-radius: 6px; }
pre code { overflow-wrap: normal; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
nav { font-size: .9rem; }
"""
_PAGE: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Headwater</title><link rel="stylesheet" href="runbook.css"></head>
<body><nav><a href="index.html">Runbooks</a></nav>
<main>
{body}</main></body></html>
"""
_RUNBOOK: Final = re.compile(r"([a-z-]+)\.md(#[a-z0-9-]+)?\Z")


def pages(folder: Path = RUNBOOKS) -> Mapping[str, str]:
    """Answer every file of the runbooks' pages by its name: a page each, an index, their style."""
    sources = {path.stem: path.read_text() for path in sorted(folder.glob("*.md"))}
    titles = {name: title(text) for name, text in sources.items()}
    listed = "".join(f'<li><a href="{name}.html">{html.escape(told)}</a></li>\n' for name, told in titles.items())
    made = {f"{name}.html": page(titles[name], rendered(text)) for name, text in sources.items()}
    index = page("Runbooks", f"<h1>Runbooks</h1>\n<ul>\n{listed}</ul>\n")
    return {**made, "index.html": index, "runbook.css": STYLE}


def title(markdown: str) -> str:
    """Answer what the first line says. Raises ``ValueError`` where it is no heading.

    >>> title("# A source is late\\n\\nIt means …")
    'A source is late'
    """
    first, _, _ = markdown.partition("\n")
    if not first.startswith("# "):
        raise ValueError(f"a runbook begins with its title, not with {first!r}")
    return first.removeprefix("# ")


def page(named: str, body: str) -> str:
    """Answer a whole page."""
    return _PAGE.format(title=html.escape(named), body=body)


def rendered(markdown: str) -> str:
    """Render a runbook; links to other runbooks lead to their pages, those to what is not on the site are mere text.

    >>> rendered("See [that](source-late.md) and [this](../api.md), <stage>.")
    '<p>See <a href="source-late.html">that</a> and this, &lt;stage&gt;.</p>\\n'
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for token in tokens:
        if token.children:
            token.children = _led(token.children)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _led(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    dropped = False  # CommonMark has no link within a link
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            found = _RUNBOOK.match(target)
            dropped = not found and not target.startswith("https://")
            if found:
                token.attrs["href"] = f"{found[1]}.html{found[2] or ''}"
        if not (dropped and token.type in {"link_open", "link_close"}):
            kept.append(token)
    return kept


def write_pages(site: Path, folder: Path = RUNBOOKS) -> None:
    """Write the pages into a built site; those of runbooks that there are no more go."""
    target = site / FOLDER
    target.mkdir(exist_ok=True)
    made = pages(folder)
    for name, text in made.items():
        (target / name).write_text(text)
    for old in set(target.iterdir()) - {target / name for name in made}:
        old.unlink()
