"""What is in a benchmark is taken out, and all that comes from the same seed with it.

Texts are compared by runs of ``n`` words, 13 as in GPT-3 (Brown et al., "Language Models are
Few-Shot Learners", NeurIPS 2020, appendix C), in small letters and without punctuation; a text
that is shorter has to be the whole of one. Formulas and statements are compared for equality.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from neurosym.augment.base import Example
from neurosym.augment.export.dedupe import problem_form, text_of
from provers.base import Problem
from provers.errors import InputError
from provers.logic.syntax import Formula

if TYPE_CHECKING:
    from neurosym.augment.lean.mutants import Mutant

WORDS: Final = 13
_WORD: Final = re.compile(r"\w+")
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a benchmark holds, under its name.

    ``texts`` are English; ``formulas`` claims, compared up to the names of variables; ``problems``
    premises with their goals, compared up to all names; ``statements`` Lean's, without a name and
    as Lean prints them, compared up to the names of variables.
    """

    name: str
    texts: Sequence[str] = ()
    formulas: Sequence[Formula] = ()
    problems: Sequence[Problem] = ()
    statements: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.texts) + len(self.formulas) + len(self.problems) + len(self.statements)


@dataclass(frozen=True, slots=True)
class Hit:
    """An example that is in a benchmark: ``how`` is ``words``, ``text``, ``formula``, ``problem``
    or ``statement``, and ``what`` is the text that both have, where it is a text.
    """

    id: str
    how: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many things of a benchmark were compared, what was found, and the ids taken out for it:
    those found and their kin, of the same seed.
    """

    benchmark: str
    compared: int
    found: tuple[Hit, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decontaminated:
    """What is left, and what was found, benchmark by benchmark."""

    examples: tuple[Example, ...]
    mutants: tuple[Mutant, ...]
    overlaps: tuple[Overlap, ...]


def decontaminate(
    examples: Sequence[Example],
    mutants: Sequence[Mutant],
    benchmarks: Iterable[Benchmark],
    *,
    words: int = WORDS,
) -> Decontaminated:
    """Examples and mutants without what is in a benchmark, or comes from a seed of such a one.

    Raises InputError for a benchmark with nothing to compare, for two of one name, and for runs
    of no words.
    """
    if words < 1:
        raise InputError(f"a run of {words} words is none: name at least 1.")
    overlaps: list[Overlap] = []
    tainted: set[str] = set()
    for benchmark in benchmarks:
        if not len(benchmark):
            raise InputError(f"the benchmark {benchmark.name!r} has nothing to compare with.")
        if any(one.benchmark == benchmark.name for one in overlaps):
            raise InputError(f"two benchmarks are called {benchmark.name!r}: rename one.")
        index = _Index(benchmark, words)
        hits = [(one.lineage.seed, hit) for one in examples if (hit := index.of_example(one))]
        hits += [(one.lineage.seed, hit) for one in mutants if (hit := index.of_mutant(one))]
        seeds = {seed for seed, _ in hits}
        removed = [one.id for one in examples if one.lineage.seed in seeds]
        removed += [one.name for one in mutants if one.lineage.seed in seeds]
        found = tuple(hit for _, hit in hits)
        overlaps.append(Overlap(benchmark.name, len(benchmark), found, tuple(removed)))
        tainted |= seeds
    return Decontaminated(
        tuple(one for one in examples if one.lineage.seed not in tainted),
        tuple(one for one in mutants if one.lineage.seed not in tainted),
        tuple(overlaps),
    )


class _Index:
    """A benchmark, ready to be looked up in."""

    def __init__(self, benchmark: Benchmark, words: int) -> None:
        self._words = words
        self._runs: set[str] = set()
        self._short: set[str] = set()
        for text in benchmark.texts:
            said = _said(text)
            if len(said) < words:
                self._short.add(_whole(text))
            self._runs.update(_runs(said, words))
        self._short.discard("")
        self._claims = {_claim(one) for one in benchmark.formulas}
        self._problems = {problem_form(one) for one in benchmark.problems}
        self._statements = {_statement(one) for one in benchmark.statements}

    def of_example(self, example: Example) -> Hit | None:
        """Why an example is in the benchmark, None where it is not."""
        texts = [text_of(example), example.claim.text, example.context]
        texts += [one.text for one in example.premises]
        if (found := self._text(texts)) is not None:
            return Hit(example.id, *found)
        if _claim(example.claim.formula) in self._claims:
            return Hit(example.id, "formula")
        if problem_form(example.problem) in self._problems:
            return Hit(example.id, "problem")
        return None

    def of_mutant(self, mutant: Mutant) -> Hit | None:
        """The same of a mutant; its statement is compared as a text, too."""
        if _statement(mutant.statement) in self._statements:
            return Hit(mutant.name, "statement", mutant.statement)
        found = self._text([mutant.statement])
        return None if found is None else Hit(mutant.name, *found)

    def _text(self, texts: Sequence[str]) -> tuple[str, str] | None:
        """``texts``: the whole of something first, then its parts."""
        for run in _runs(_said(texts[0]), self._words):
            if run in self._runs:
                return "words", run
        for text in texts:
            if (whole := _whole(text)) in self._short:
                return "text", whole
        return None


def _said(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _whole(text: str) -> str:
    """A text as it is compared as a whole: signs count, since a short one may be a formula."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip(" .!?")


def _runs(words: Sequence[str], size: int) -> Iterator[str]:
    for at in range(len(words) - size + 1):
        yield " ".join(words[at : at + size])


def _claim(formula: Formula) -> str:
    return problem_form(Problem((), formula), renaming=False)


def _statement(statement: str) -> str:
    from neurosym.augment.lean.mutants import normal

    return _SPACE.sub(" ", normal(statement)).strip()
