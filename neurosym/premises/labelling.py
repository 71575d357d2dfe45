"""Which premises theorems need, found out by proving them again.

A library that ships no proofs says nothing of what they rest on. So Lean proves a theorem's
statement again without the theorem itself (by the search for bare statements, with premises that
the retrievers find), and the term of a proof that the judge accepts tells what it rests on. A proof
that names the theorem, or what comes after it, is thrown away, and the hunt goes on.

Of what a term rests on, those count that somebody had to find: what the proof names, or a tactic
took from its set. The rest was put there by what tactics are made of (the lemmas by which omega
and grind reason, instances, the fields of a structure), and is no premise that one would look for.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from neurosym.premises.again import Again, Choose
from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Indices
from neurosym.premises.labels import Label, cut_unfinished, lines
from neurosym.premises.select import MAX_QUERY, Method, Selector
from provers.errors import InputError

# What Lean makes beside a declaration; nobody would ask for a proof of it.
_MADE: Final = re.compile(
    r"(?:^|\.)(?:eq_\d+|match_\d+.*|injEq|inj|sizeOf_spec|noConfusion.*|rec.*|_.*|congr_simp|"
    r"eq_def|induct.*|fun_cases.*|mk\..*|ctorIdx|elim.*)$"
)

_NAME: Final = re.compile(r"«[^»\n]+»|[^\W\d][\w'!?₀-₉]*(?:\.[^\W\d][\w'!?₀-₉]*)*")
# The sets from which tactics take lemmas by themselves.
_SETS: Final = frozenset(
    {"simp", "grind", "scoped grind", "grind ext", "ext", "norm_cast", "push_cast", "refl", "symm"}
    | {"congr", "bv_normalize", "int_toBitVec", "partial_fixpoint_monotone"}
)


def sample(corpus: Corpus, number: int, *, seed: int = 0) -> list[int]:
    """The indices of theorems to label, drawn without those that Lean makes beside others."""
    found = [
        index
        for index, (name, kind) in enumerate(zip(corpus.names, corpus.kinds, strict=True))
        if kind == "theorem" and not _MADE.search(name)
    ]
    random.Random(seed).shuffle(found)
    return found[:number]


def interleaved(selector: Selector, most: int = 32) -> Choose:
    """What words, symbols and embeddings find, in turn: no one of them decides alone which proofs
    are found, and so which labels there are to measure it by.
    """
    methods: tuple[Method, ...] = tuple(
        method for method in ("bm25", "overlap", "dense") if method in selector.methods
    )

    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        query = goal[:MAX_QUERY] or selector.corpus[index].statement
        found = (
            selector.search(query, most, accessible=usable, methods=(method,)) for method in methods
        )
        turns = itertools.chain.from_iterable(itertools.zip_longest(*found))
        names = dict.fromkeys(one.premise.name for one in turns if one is not None)
        return list(names)[:most]

    return choose


class Labeller:
    """Proves theorems of one corpus again, and says what that took; thread-safe.

    The limit is far above what a hunt takes, whose tactics are stopped by counts of steps: so the
    same theorem has the same label on another machine.
    """

    def __init__(self, again: Again, *, seconds: float = 120.0) -> None:
        self._again = again
        self._seconds = seconds

    def label(self, index: int) -> Label | None:
        """What a theorem can be proved with, beyond theorems that its statement names.

        None where no proof is found, or it needs nothing.

        Raises MissingToolError or BrokenToolError where there is no Lean.
        """
        found = self._again.prove(index, seconds=self._seconds)
        if found is None:
            return None
        corpus = self._again.corpus
        needed = looked_for(corpus, index, found.proof, found.premises)
        names = tuple(corpus.names[one] for one in needed)
        return Label(corpus.names[index], found.proof, names) if names else None


def looked_for(corpus: Corpus, index: int, proof: str, premises: Iterable[int]) -> list[int]:
    """The premises of a theorem's proof that the proof names or a tactic took from its set, beyond
    theorems that the statement names.
    """
    values, starts = corpus.edges("uses")
    named = values[starts[index] : starts[index + 1]].tolist()
    # A definition that the statement names is unfolded or not; a theorem is there anyway.
    stated = {one for one in named if corpus.kinds[one] == "theorem"}
    words = set(_NAME.findall(proof))
    # After a variable, a name is that of its type's namespace.
    fields = {word.rpartition(".")[2] for word in words if "." in word}
    attributes = corpus.column("attributes")
    found = []
    for one in premises:
        name = corpus.names[one]
        said = name in words or name.rpartition(".")[2] in fields
        if one not in stated and (said or not _SETS.isdisjoint(attributes[one].as_py() or ())):
            found.append(one)
    return found


def label_all(
    labeller: Labeller,
    corpus: Corpus,
    wanted: Sequence[int],
    file: Path,
    *,
    workers: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> int:
    """Label theorems into a file of JSON Lines, going on where it ends; how many have a label.

    A line is there for each theorem that was tried, in the order of ``wanted`` however many
    ``workers`` there are. ``tell`` is told how many are done, and of how many. Raises InputError
    where the file is damaged or cannot be written, and what ``label`` raises.
    """
    tried = lines(file)
    try:
        cut_unfinished(file)
        new = [index for index in wanted if corpus.names[index] not in tried]
        with file.open("a", encoding="utf-8") as stream, ThreadPoolExecutor(workers) as threads:
            # Part by part, so that whoever stops it does not wait for all.
            parts = (new[at : at + 8 * workers] for at in range(0, len(new), 8 * workers))
            labelled = (
                pair
                for part in parts
                for pair in zip(part, threads.map(labeller.label, part), strict=True)
            )
            for done, (index, found) in enumerate(labelled, 1):
                name = corpus.names[index]
                line = {"theorem": name} if found is None else asdict(found)
                tried[name] = found
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                stream.flush()
                if tell is not None:
                    tell(done, len(new))
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error.strerror}.") from error
    return sum(found is not None for found in tried.values())
