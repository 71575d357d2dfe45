"""What mutants teach a premise selector: a mutant is proved with its seed and a lemma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from neurosym.augment.lean.mutants import Mutant
from neurosym.premises.corpus import Corpus


def needs(mutants: Iterable[Mutant], corpus: Corpus) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The statement of each mutant, and which of seed and lemma the corpus has; none without."""
    for one in mutants:
        named = (one.lemma.removeprefix("← "), one.lineage.seed)
        premises = tuple(name for name in dict.fromkeys(named) if corpus.find(name) is not None)
        if premises:
            yield one.statement, premises
