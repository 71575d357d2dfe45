"""A report as Markdown (GitHub's kind), with its plots in files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from neurosym.runs.batch.reports.content import (
    Block,
    Document,
    Headline,
    Paragraph,
    Plots,
    Table,
)
from neurosym.runs.batch.reports.wording import plain

PLOTS: Final = "plots"
# What could begin code, emphasis, links, tables, mathematics or the like.
_MARKED: Final = re.compile(r"([\\`*_\[\]|~^$!])")
# Addresses would become links by themselves.
_ADDRESS: Final = re.compile(r"://|www\.|@", re.IGNORECASE)
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def write_markdown(document: Document) -> str:
    """The report; the plots are looked for as ``plots/NAME.svg``. All texts are escaped."""
    lines = [f"# {_text(document.title)}", "", *_blocks(document.blocks)]
    for section in document.sections:
        lines += [f"## {_text(section.title)}", "", *_blocks(section.blocks)]
    return "\n".join(lines)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(text, warning):
                yield f"**{_text(text)}**" if warning else _text(text)
                yield ""
            case Headline(figures):
                rows = tuple((name, value, note) for name, value, note in figures)
                yield from _table(Table(("Figure", "Value", "Note"), rows, frozenset({0, 2})))
            case Table():
                yield from _table(block)
            case Plots(plots):
                for plot in plots:
                    yield f"![{_text(plot.description)}]({PLOTS}/{plot.name}.svg)"
                    yield ""


def _table(table: Table) -> Iterator[str]:
    yield _row(table.head)
    yield _row_of(":---" if i in table.texts else "---:" for i in range(len(table.head)))
    for row in table.rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return _row_of(_text(cell) or " " for cell in cells)


def _row_of(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """The text so that every reader of Markdown shows just it."""
    line = "".join(_ENTITIES.get(c, c) for c in plain(text))
    line = _MARKED.sub(r"\\\1", line)
    return _ADDRESS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)
