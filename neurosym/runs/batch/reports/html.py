"""A report as one page of HTML that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from neurosym.runs.batch.reports.content import (
    Block,
    Document,
    Headline,
    Paragraph,
    Plots,
    Section,
    Table,
)
from neurosym.runs.batch.reports.wording import plain

# Nothing may be loaded or run, whatever stands in the page.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_LONG: Final = 30
_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: #fff; color: #1b1f24;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 0.5rem; padding-top: 0.6rem;
  border-top: 1px solid #d0d7de; }
p { margin: 0.6rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.warning { border-left: 5px solid #b35900; background: #fff4e5; padding: 0.6rem 0.9rem;
  font-weight: 600; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.6rem;
  margin: 1rem 0; }
dl div { border: 1px solid #d0d7de; border-radius: 6px; padding: 0.5rem 0.7rem; }
dt { font-size: 0.8rem; color: #57606a; }
dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
dd + dd { font-size: 0.8rem; font-weight: 400; color: #57606a; }
.wide { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; font-size: 0.85rem; }
th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid #e3e7eb; text-align: right;
  vertical-align: top; white-space: nowrap; font-variant-numeric: tabular-nums; }
th { border-bottom: 2px solid #afb8c1; vertical-align: bottom; white-space: normal; }
.text { text-align: left; white-space: normal; min-width: 5rem; }
.long { min-width: 15rem; }
td.long { overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 0.8rem; align-items: flex-start; }
figure { margin: 0; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: 0.8rem; color: #57606a; max-width: 28rem; }
"""


def write_html(document: Document) -> str:
    """The report as a page. All texts are escaped; the plots are drawn into it."""
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(document.title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{_text(document.title)}</h1>",
        *_blocks(document.blocks),
    ]
    for section in document.sections:
        lines += _section(section)
    lines += ["</body>", "</html>", ""]
    return "\n".join(lines)


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    yield f"<h2>{_text(section.title)}</h2>"
    yield from _blocks(section.blocks)
    yield "</section>"


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(text, warning):
                kind = ' class="warning" role="alert"' if warning else ""
                yield f"<p{kind}>{_text(text)}</p>"
            case Headline(figures):
                yield "<dl>"
                for name, value, note in figures:
                    said = f"<dd>{_text(note)}</dd>" if note else ""
                    yield f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd>{said}</div>"
                yield "</dl>"
            case Table():
                yield from _table(block)
            case Plots(plots):
                yield '<div class="plots">'
                for plot in plots:
                    caption = f"<figcaption>{_text(plot.description)}</figcaption>"
                    yield f"<figure>{plot.svg}{caption}</figure>"
                yield "</div>"


def _table(table: Table) -> Iterator[str]:
    kinds = [_kind(table, column) for column in range(len(table.head))]
    yield '<div class="wide"><table>'
    head = (f"<th{kind}>{_text(cell)}</th>" for kind, cell in zip(kinds, table.head, strict=True))
    yield f"<thead><tr>{''.join(head)}</tr></thead><tbody>"
    for row in table.rows:
        cells = (f"<td{kind}>{_text(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _kind(table: Table, column: int) -> str:
    """How a column is set: words that are long somewhere need room on a phone, too."""
    if column not in table.texts:
        return ""
    longest = max((len(row[column]) for row in table.rows), default=0)
    return ' class="text long"' if longest > _LONG else ' class="text"'


def _text(text: str) -> str:
    return escape(plain(text), quote=True)
