"""Whether two Lean statements say the same, as far as Lean can prove it.

Two theorems that are both true are equivalent, whatever they say, so equivalence as it stands
would put ``x + y = 7`` and ``x * y = 12`` together as soon as both follow from their hypotheses.
What is compared is therefore apart: hypotheses with hypotheses, and conclusion with conclusion,
each for all values of the variables. Where Lean decides one of the conclusions by itself
(``3 + 4 = 7``), numerals stand for any number: ``a + b = c`` and ``b + a = c`` still agree.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from neurosym.translate.negation import hold, peel
from provers.base import Limits
from provers.lean.base import Checker
from provers.lean.binders import read_statement, tokens

HEARTBEATS = 20_000
_MOST_RENAMINGS = 24
_PROOF = """by
  first
    | exact Iff.rfl
    | omega
    | grind
    | (constructor <;> intros <;> first | omega | grind | (simp_all; done))"""
_DECIDE = "by\n  first | decide | omega | grind | (simp; done)"
_SORTS = {"Nat": "ℕ", "Int": "ℤ", "Rat": "ℚ"}
_NUMBERS = frozenset(_SORTS.values())
_KINDS = frozenset({*_NUMBERS, "Prop", "Type", "Bool", "→", "(", ")"})
_NUMERAL = re.compile(r"(?<![\w.^'])(?<!\^ )\d+(?![\w.])")


@dataclass(frozen=True, slots=True)
class Proposition:
    """A statement's variables with their types, its hypotheses and its conclusion, as text.

    ``preamble`` are the imports that it needs.
    """

    preamble: str
    variables: tuple[tuple[str, str], ...]
    hypotheses: tuple[str, ...]
    conclusion: str

    def renamed(self, names: Sequence[str]) -> Proposition:
        """The same with other names for the variables, in order."""
        by = {old: new for (old, _), new in zip(self.variables, names, strict=True)}
        variables = tuple((by[name], _renamed(sort, by)) for name, sort in self.variables)
        hypotheses = tuple(_renamed(h, by) for h in self.hypotheses)
        return Proposition(self.preamble, variables, hypotheses, _renamed(self.conclusion, by))

    @property
    def binders(self) -> str:
        return " ".join(f"({name} : {sort})" for name, sort in self.variables)

    @property
    def assumed(self) -> str:
        """All hypotheses in one proposition."""
        return " ∧ ".join(f"({h})" for h in self.hypotheses) or "True"

    @property
    def text(self) -> str:
        """One text for what differs in spaces and the order of hypotheses only."""
        return f"{self.binders} {' ; '.join(sorted(self.hypotheses))} ⊢ {self.conclusion}"


def read_proposition(statement: str) -> Proposition | None:
    """The parts of a statement; None where the text does not show which they are."""
    read = read_statement(statement)
    if read is None or read.scope or read.universes:
        return None
    peeled = peel(read)
    variables: list[tuple[str, str]] = []
    hypotheses: list[str] = []
    types: set[str] = set()
    for names, sort in _groups(peeled.binders):
        written = _renamed(sort, _SORTS)
        if all(t.text in _KINDS or t.text in types for t in tokens(written)):
            variables += [(name, written) for name in names]
            types.update(names if written == "Type" else ())
        else:
            hypotheses.append(written)
    known = [name for name, _ in variables]
    if len(set(known)) != len(known):
        return None
    conclusion = _renamed(peeled.conclusion, _SORTS)
    return Proposition(peeled.preamble, tuple(variables), tuple(hypotheses), conclusion)


def _groups(binders: str) -> Iterator[tuple[list[str], str]]:
    """Names and type of each bracket."""
    found = list(tokens(binders))
    start = 0
    for at, token in enumerate(found):
        if token.depth == 0 and token.text in ")]}":
            colon = next(
                (i for i in range(start, at) if found[i].text == ":" and found[i].depth == 1), at
            )
            names = [t.text for t in found[start + 1 : colon]]
            yield names, binders[found[min(colon + 1, at)].start : token.start]
            start = at + 1


def _renamed(text: str, by: Mapping[str, str]) -> str:
    """The text with other names, and one space wherever there was any."""
    written, end = "", 0
    for token in tokens(text):
        gap = " " if written and token.start > end else ""
        head, dot, rest = token.text.partition(".")
        word = f"{by.get(head, head)}{dot}{rest}" if token.kind == "word" else token.text
        written, end = f"{written}{gap}{word}", token.end
    return written


# --- comparison ----------------------------------------------------------------------------


def same(first: str, second: str, checker: Checker, limits: Limits = Limits(10.0)) -> bool:
    """Whether Lean proves that two statements say the same under some renaming of variables.

    False says only that this was not shown. Raises MissingToolError or BrokenToolError where
    Lean cannot be started.
    """
    if " ".join(first.split()) == " ".join(second.split()):
        return True
    left, right = read_proposition(first), read_proposition(second)
    if left is None or right is None or left.preamble.split() != right.preamble.split():
        return False
    pairs = list(_renamings(left, right))
    if any(a.text == b.text for a, b in pairs):
        return True
    return any(_agree(pairs[at : at + 6], checker, limits) for at in range(0, len(pairs), 6))


def _renamings(left: Proposition, right: Proposition) -> Iterator[tuple[Proposition, Proposition]]:
    """Both in the same variables, in each way that keeps types; the likely ones first."""
    sorts = [sort for _, sort in left.variables]
    if sorted(sorts) != sorted(sort for _, sort in right.variables):
        return
    mark = "v"
    while any(f"{mark}_" in p.text for p in (left, right)):
        mark += "v"
    mine = [f"{mark}_{i}" for i in range(len(sorts))]
    first = left.renamed(mine)
    found: dict[tuple[str, ...], None] = {}
    names = {name: new for (name, _), new in zip(left.variables, mine, strict=True)}
    kept = tuple(names.get(name, "") for name, _ in right.variables)
    if "" not in kept:
        found[kept] = None
    for order in itertools.islice(itertools.permutations(range(len(sorts))), 5000):
        if len(found) >= _MOST_RENAMINGS:
            break
        if all(sorts[i] == sort for i, (_, sort) in zip(order, right.variables, strict=True)):
            found[tuple(mine[i] for i in order)] = None
    for row in found:
        yield first, right.renamed(row)


def _agree(
    pairs: Sequence[tuple[Proposition, Proposition]], checker: Checker, limits: Limits
) -> bool:
    left = pairs[0][0]
    stated = []
    for a, b in pairs:
        stated.append(f"{a.binders} : ({a.assumed}) ↔ ({b.assumed}) := {_PROOF}")
        stated.append(f"{a.binders} : ({a.conclusion}) ↔ ({b.conclusion}) := {_PROOF}")
    stated += _decisions(left.binders, left.conclusion)
    held = _hold(left.preamble, stated, checker, limits)
    if not any(held[-2:]):
        return any(held[at] and held[at + 1] for at in range(0, len(held) - 2, 2))
    assumed = [pair for at, pair in enumerate(pairs) if held[2 * at]]
    general = [text for pair in assumed for text in _generalised(*pair)]
    held = _hold(left.preamble, general, checker, limits)
    return any(held[at : at + 3] == [True, False, False] for at in range(0, len(held), 3))


def _decisions(binders: str, claim: str) -> list[str]:
    """That a claim holds by itself, and that it fails by itself."""
    return [f"{binders} : {text} := {_DECIDE}" for text in (claim, f"¬ ({claim})")]


def _generalised(left: Proposition, right: Proposition) -> list[str]:
    """That both conclusions say the same with any numbers for their numerals, and decisions.

    Nothing where numbers of several sorts are mentioned.
    """
    both = left.conclusion, right.conclusion
    sorts = _NUMBERS & {t.text for p in (left, right) for t in tokens(p.text)}
    if len(sorts) > 1:
        return []
    sort = next(iter(sorts), "ℕ")
    mark = "k"
    while any(f"{mark}_" in text for text in (*both, left.binders)):
        mark += "k"
    numerals = list(dict.fromkeys(n for text in both for n in _NUMERAL.findall(text)))
    binders = " ".join([left.binders, *(f"({mark}_{n} : {sort})" for n in numerals)])
    a, b = (_NUMERAL.sub(lambda m: f"{mark}_{m.group()}", text) for text in both)
    return [f"{binders} : ({a}) ↔ ({b}) := {_PROOF}", *_decisions(binders, a)]


def _hold(preamble: str, stated: Sequence[str], checker: Checker, limits: Limits) -> list[bool]:
    theorems = [f"theorem compared_{number} {text}" for number, text in enumerate(stated)]
    return hold(checker, preamble, theorems, limits, HEARTBEATS) if theorems else []
