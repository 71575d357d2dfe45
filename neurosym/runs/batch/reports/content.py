"""What a report is made of, before it is HTML or Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a ``warning`` cannot be overlooked."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """The most important figures: what each is, its value, and a note (or nothing)."""

    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts below a head. The columns in ``texts``, from 0, hold words, others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot by the name of its file, without ending; ``description`` says what it shows."""

    name: str
    description: str
    svg: str


@dataclass(frozen=True, slots=True)
class Plots:
    """Plots that may stand side by side."""

    plots: tuple[Plot, ...]


Block: TypeAlias = Paragraph | Headline | Table | Plots


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report; all texts in it are as they came, and made harmless when written."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]

    def plots(self) -> tuple[Plot, ...]:
        """All plots in it."""
        blocks = (block for section in self.sections for block in section.blocks)
        return tuple(plot for block in blocks if isinstance(block, Plots) for plot in block.plots)
