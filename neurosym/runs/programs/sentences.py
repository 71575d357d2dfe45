"""First-order formulas of a program held against the sentences they stand for.

A program carries, behind ``:::``, the sentence of each formula, and the problem says which
statement is asked. A conclusion that denies its statement is turned round, as the query of a rule
program is: models write down what they take for the answer. What else of the formulas says
another thing than its sentence is no program of this problem, and an answer that rests on it
would answer something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from neurosym.runs.programs.base import Mended
from neurosym.runs.programs.options import Prove
from neurosym.translate.mending import mend
from neurosym.verify.fidelity import MAX_CHARACTERS, MAX_DEPTH, Context, Mismatch, compare
from neurosym.verify.fidelity.names import symbols
from neurosym.verify.fidelity.words import read_words
from provers.base import Outcome, Refutation, Result
from provers.logic.syntax import (
    And,
    Apply,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Xor,
    depth,
    free_variables,
    walk,
)

# Names and who-to-whom are judged by words, and a program may declare its own: "x is written
# by y". They are no reason by themselves.
_CONCLUSION: Final = frozenset({"negation", "quantifier", "connective", "comparative", "quantity"})
_PREMISE: Final = frozenset({"negation", "quantifier", "connective"})


def vocabulary(formulas: Sequence[Formula]) -> Context:
    """All names of the program, so that one that a formula lacks is found missing."""
    return Context(names=frozenset(one.name for formula in formulas for one in symbols(formula)))


def mended_goal(
    goal: Formula, sentence: str, context: Context, prove: Prove
) -> tuple[Formula, tuple[Mended, ...]]:
    """The conclusion as its sentence has it; unchanged where one small change does not do.

    The denial of the whole is added or taken off, or else one change is made of those that
    ``neurosym.translate.mending`` knows.
    """
    found = _against(goal, sentence, context, _CONCLUSION)
    if not sentence or not found or free_variables(goal) or not symbols(goal):
        return goal, ()
    if any(one.kind == "negation" for one in found):
        turned = goal.body if isinstance(goal, Not) else Not(goal)
        if not _against(turned, sentence, context, _CONCLUSION):
            return turned, (Mended("sign", f"the conclusion denies {sentence[:80]!r}"),)

    def check(formula: Formula) -> str:
        return "; ".join(m.message for m in _against(formula, sentence, context, _CONCLUSION))

    change = mend(goal, check, prove)
    if change is None or change.double or free_variables(change.formula):
        return goal, ()
    return change.formula, (Mended("meaning", f"{change.change} in the conclusion"),)


def mended_or(formula: Formula, sentence: str) -> tuple[Formula, tuple[Mended, ...]]:
    """A plain "A or B" that was written as "either A or B" (``⊕``), as it is meant: inclusive.

    Of the sentences of FOLIO's training set with one "or" and no "either" 95 of 109 have ``∨``.
    Only a formula with one alternative is changed.
    """
    words = [word.low for word in read_words(sentence)]
    nodes = [part for part in walk(formula) if isinstance(part, Or | Xor)]
    plain = words.count("or") == 1 and not {"either", "both", "neither", "but"} & set(words)
    if not plain or len(nodes) != 1 or not isinstance(nodes[0], Xor):
        return formula, ()
    old = nodes[0]
    said = Mended("or", f"the 'or' of {sentence[:80]!r} leaves room for both")
    return _replaced(formula, old, Or((old.left, old.right))), (said,)


def _replaced(formula: Formula, old: Formula, new: Formula) -> Formula:
    if formula == old:
        return new
    match formula:
        case Not(body):
            return Not(_replaced(body, old, new))
        case Forall(bound, body):
            return Forall(bound, _replaced(body, old, new))
        case Exists(bound, body):
            return Exists(bound, _replaced(body, old, new))
        case And(args):
            return And(tuple(_replaced(arg, old, new) for arg in args))
        case Implies(left, right):
            return Implies(_replaced(left, old, new), _replaced(right, old, new))
        case Iff(left, right):
            return Iff(_replaced(left, old, new), _replaced(right, old, new))
        case _:
            return formula


def unfaithful(
    premises: Sequence[tuple[Formula, str]],
    goal: tuple[Formula, str],
    result: Result,
    context: Context,
    loose: Sequence[int] = (),
) -> tuple[str, ...]:
    """Why the result answers something else than was asked, a sentence each; nothing where not.

    What follows rests on the premises that its proof used; that nothing follows rests on all, and
    on the conclusion's speaking of everything that its statement names. ``loose``: the places of
    premises, and of the conclusion after the last, that may be meant otherwise.
    """
    return tuple(dict.fromkeys(_reasons(premises, goal, result, context, loose)))


def _reasons(
    premises: Sequence[tuple[Formula, str]],
    goal: tuple[Formula, str],
    result: Result,
    context: Context,
    loose: Sequence[int],
) -> Iterator[str]:
    formula, sentence = goal
    if sentence and not symbols(formula):
        yield f"the conclusion says nothing of {sentence[:80]!r}"
        return
    for one in _against(formula, sentence, context, _CONCLUSION):
        yield f"conclusion: {one.message}"
    open_ = result.outcome not in (Outcome.PROVED, Outcome.REFUTED)
    if open_:
        for one in _against(formula, sentence, context, frozenset({"name"})):
            if one.text_part and not one.formula_part:
                yield f"conclusion: {one.message}"
        for name in _used_twice([*(premise for premise, _ in premises), formula], formula):
            yield f"{name} is a thing in one formula and a kind in another"
    used: Sequence[int] = range(len(premises))
    if not open_ and isinstance(result.evidence, Refutation):
        used = [i for i in result.evidence.used if i < len(premises)]
        if not used:
            yield "conclusion: it is true or false whatever the premises say"
    if loose and {*used, len(premises)} & set(loose):
        yield "a variable that no quantifier binds may be meant as 'some'"
    for i in used:
        formula, sentence = premises[i]
        for one in _against(formula, sentence, context, _PREMISE):
            yield f"premise {i + 1}: {one.message}"


def _used_twice(formulas: Sequence[Formula], goal: Formula) -> list[str]:
    """Names of the conclusion that are used for a thing and for a kind, and nothing joins the two.

    What is said of ``stable`` is not said of a ``Stable``. ``Space(space)`` joins the two.
    """
    found = {(one.name.lower(), one.predicate) for f in formulas for one in symbols(f)}
    joined = {
        atom.name.lower()
        for formula in formulas
        for atom in walk(formula)
        if isinstance(atom, Pred)
        and any(isinstance(a, Apply) and a.name.lower() == atom.name.lower() for a in atom.args)
    }
    names = dict.fromkeys(one.name.lower() for one in symbols(goal))
    return [n for n in names if {(n, True), (n, False)} <= found and n not in joined]


def _against(
    formula: Formula, sentence: str, context: Context, kinds: frozenset[str]
) -> list[Mismatch]:
    if not sentence or len(sentence) > MAX_CHARACTERS or depth(formula) > MAX_DEPTH:
        return []
    return [one for one in compare(sentence, formula, context) if one.kind in kinds]
