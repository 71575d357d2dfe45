"""What a step may assume, and which earlier steps it names or builds on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.verify.base import Hypothesis, Source
from neurosym.verify.scope import Meanings
from neurosym.verify.values import letters
from provers.logic.syntax import Formula

_LIST = r"\(?(?P<list>\d{1,3}\)?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)\(?\d{1,3}\)?){0,20})"
_STEPS = re.compile(r"\b(?:steps?|lines?|equations?|statements?)\s+" + _LIST, re.IGNORECASE)
_CITED = re.compile(
    r"\b(?:from|by|using|combining)\s+(?P<list>\(\d{1,3}\)(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)"
    r"\(\d{1,3}\)){0,20})",
    re.IGNORECASE,
)
# Bare numbers are references only where nothing else can be meant: "From 1 and 3, ..." at the
# beginning, "(from 1 and 3)", "follows from 2.".
_BARE = re.compile(
    r"(?:^|[(\[]|\bfollows\s+)(?:from|by|using)\s+"
    r"(?P<list>\d{1,3}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)\d{1,3}){0,20})"
    r"\s*(?:[,;:)\]]|\.(?!\d)|$)",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<=[A-Za-z,]\s)\((?P<list>\d{1,3})\)(?=\s*(?:[.,;:]|$))")
_PATTERNS = (_STEPS, _CITED, _BARE, _MARK)
# What goes with the numbers when a reference is taken out of a sentence.
_LEADING = re.compile(r"(?:from|by|using|combining|because\s+of|due\s+to)\s*$", re.IGNORECASE)


# Whose formulas speak of the same things, by the same names.
LOGICAL = frozenset({"english", "model"})


@dataclass(slots=True)
class Context:
    """What has been established so far; filled while a record is verified.

    ``hypotheses`` come from the question, the premises and earlier steps; ``refuted`` are the
    indices of refuted steps, ``doubtful`` those that build on one, and ``tainted`` the numbers
    that only such steps arrived at. ``renamed`` says for a letter where it got another meaning
    than in equations that are given or proved.
    """

    hypotheses: list[Hypothesis] = field(default_factory=list)
    refuted: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)
    sound_numbers: set[Fraction] = field(default_factory=set)
    tainted: dict[Fraction, int] = field(default_factory=dict)
    meanings: Meanings = field(default_factory=Meanings)
    renamed: dict[str, Source] = field(default_factory=dict)

    def introduce(self, text: str, source: Source) -> None:
        """Forget what was said about letters that ``text`` gives another meaning."""
        for letter in sorted(self.meanings.take(text)):
            about = [h for h in self.hypotheses if letter in letters(h.formula)]
            self.hypotheses = [h for h in self.hypotheses if h not in about]
            if any(h.supported for h in about):
                self.renamed[letter] = source

    def renaming(self, formula: Formula) -> str:
        """What is missing, as words, since a letter in ``formula`` changed its meaning."""
        found = sorted(letters(formula) & self.renamed.keys())
        return f"{found[0]!r} got another meaning in {self.renamed[found[0]]}" if found else ""

    def usable(self, translator: str, cited: frozenset[int]) -> list[Hypothesis]:
        """Hypotheses of one translator: all given ones, and the steps, or the cited ones."""
        return [
            h
            for h in self.hypotheses
            if (h.translator == translator or {h.translator, translator} <= LOGICAL)
            and (not cited or h.source.kind != "step" or h.source.index in cited)
        ]

    def refuted_source(self, taken: Sequence[Fraction], cited: frozenset[int]) -> int | None:
        """The refuted step that is cited, or whose result is among the numbers ``taken`` up."""
        bad = self.refuted | self.doubtful
        named = sorted(cited & bad)
        if named:
            return named[0]
        for number in taken:
            if number in self.tainted and number not in self.sound_numbers:
                return self.tainted[number]
        return None

    def taint(self, index: int, values: Sequence[Fraction]) -> None:
        """Remember what a refuted (or doubtful) step arrived at."""
        for value in values:
            if value not in self.sound_numbers:
                self.tainted.setdefault(value, index)


def references(text: str, index: int, labels: Mapping[int, int]) -> frozenset[int]:
    """The earlier steps that a step names explicitly, as indices.

    ``labels`` maps the numbers that the steps' own markers carry to indices; without any,
    numbers count steps from 1. What does not name an earlier step is no reference.
    """
    found: set[int] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            found.update(int(n) for n in re.findall(r"\d+", match["list"]))
    known = (labels.get(number) if labels else number for number in found)
    return frozenset(step for step in known if step is not None and 1 <= step < index)


def without_references(text: str) -> str:
    """The text without the phrases that name steps, which say nothing about the matter.

    Text too long to be translated comes back as it is.
    """
    if len(text) > 20_000:
        return text
    for pattern in _PATTERNS:
        while (match := pattern.search(text)) is not None:
            before = _LEADING.sub("", text[: match.start()])
            after = text[match.end() :]
            if before.endswith("(") and after.startswith(")"):
                before, after = before[:-1], after[1:]
            if not before.strip():
                after = after.lstrip(" ,:")
                after = after[:1].upper() + after[1:]
            ending = after.lstrip()
            text = before.rstrip() + ending if ending[:1] in ".,;" else before + after
    return text
