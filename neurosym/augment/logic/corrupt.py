"""Correct claims with one thing made wrong, kept where the prover confirms that it is wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.logic import chaining
from neurosym.augment.logic.chains import converse, exchange
from neurosym.augment.logic.labels import KEPT, LIMITS, Labeller, check_kinds, check_premises
from neurosym.augment.logic.wording import named, spaced, word
from neurosym.translate.atoms import predicates, replace_atoms
from provers.base import Limits, Outcome, Prover
from provers.logic.syntax import (
    And,
    Apply,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Pred,
    Term,
    conjunction,
    negate,
)

Corruption: TypeAlias = Literal[
    "negation_added",
    "negation_dropped",
    "quantifier",
    "arguments",
    "converse",
    "individual",
    "predicate",
]
CORRUPTIONS: Final[tuple[Corruption, ...]] = get_args(Corruption)

_WRONG: Final = (Outcome.REFUTED, Outcome.INDEPENDENT)
_TRIED: Final = 4  # candidates of one kind


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A corrupted formula and what is wrong with it, as the end of a sentence."""

    formula: Formula
    wrong: str


def corruptions(
    example: Example,
    *,
    seed: int,
    prover: Prover,
    kinds: Sequence[Corruption] = CORRUPTIONS,
    limits: Limits = LIMITS,
    dropped: Counter[str] | None = None,
) -> Iterator[Example]:
    """For each of ``kinds``, one corruption of a proved claim and one of a rule that its proof
    needs (a step that recalls the rule), where there is one that does not follow.

    The label is ``refuted`` or ``independent``, ``reason`` says what is wrong. ``facts`` says
    ``of`` which example it is, the ``original`` text, and which ``step`` was corrupted:
    ``claim`` or ``rule``. ``dropped`` counts what is left out, by kind and reason: among it, what
    still follows.

    Of an example that is not ``proved`` nothing comes but a count.

    Raises InputError at once for an empty or too large theory or an unknown kind.
    """
    check_premises(example.premises)
    check_kinds(kinds, CORRUPTIONS)
    counted: Counter[str] = Counter() if dropped is None else dropped
    return _corruptions(example, seed, prover, tuple(kinds), limits, counted)


def _corruptions(
    example: Example,
    seed: int,
    prover: Prover,
    kinds: Sequence[Corruption],
    limits: Limits,
    dropped: Counter[str],
) -> Iterator[Example]:
    if example.label is not Outcome.PROVED:
        dropped["the claim is not proved"] += 1
        return
    seen: set[str] = {one.text for one in (*example.premises, example.claim)}
    for kind in kinds:
        labeller = Labeller(prover, limits, dropped, prefix=f"{kind}: ")
        rng = random.Random(f"{seed}/{example.id}/{kind}")
        for step, original in _steps(example, rng):
            candidates = list(_candidates(kind, original.formula, example))
            if not candidates:
                labeller.drop("does not apply")
            rng.shuffle(candidates)
            for candidate in candidates[:_TRIED]:
                worded = word(candidate.formula, rng, labeller.prove)
                if worded is None:
                    labeller.drop("no wording")
                elif worded.text in seen:
                    labeller.drop("said before")
                else:
                    made = _labelled(labeller, kind, example, step, original, worded, candidate)
                    if made is not None:
                        seen.add(worded.text)
                        yield made
                        break


def _steps(example: Example, rng: random.Random) -> Iterator[tuple[str, Statement]]:
    """What is corrupted: the claim, and a rule that is needed for it."""
    yield "claim", example.claim
    needed = [example.premises[i] for i in example.facts.get("needed", ())]
    recalled = [one for one in needed if isinstance(one.formula, Forall | Implies)]
    if recalled:
        yield "rule", rng.choice(recalled)


def _labelled(
    labeller: Labeller,
    kind: Corruption,
    example: Example,
    step: str,
    original: Statement,
    worded: Statement,
    candidate: _Candidate,
) -> Example | None:
    facts: dict[str, Any] = {k: example.facts[k] for k in KEPT if k in example.facts}
    facts |= {"of": example.id, "original": original.text, "step": step}
    change = f"{kind}: {original.text} became {worded.text}"
    return labeller.example(
        kind,
        Lineage(example.lineage.seed, (*example.lineage.changes, change)),
        example.premises,
        worded,
        expected=_WRONG,
        facts=facts,
        context=example.context,
        reason=f"{_opening(step, original)}, but the claim {candidate.wrong}.",
    )


def _opening(step: str, original: Statement) -> str:
    said = original.text.rstrip(".")
    return f'What follows is "{said}"' if step == "claim" else f'The rule says "{said}"'


# --- candidates ------------------------------------------------------------------------------


def _candidates(kind: Corruption, original: Formula, example: Example) -> Iterator[_Candidate]:
    match kind:
        case "negation_added" | "negation_dropped":
            for formula in _negations(original, added=kind == "negation_added"):
                wrong = "adds a negation" if kind == "negation_added" else "leaves the negation out"
                yield _Candidate(formula, wrong)
        case "quantifier":
            yield from _quantifiers(original)
        case "arguments":
            for atom in _atoms(original):
                if len(atom.args) == 2 and atom.args[0] != atom.args[1]:
                    turned = Pred(atom.name, atom.args[::-1])
                    wrong = f'swaps who and whom in "{spaced(atom.name)}"'
                    yield _Candidate(_replaced(original, atom, turned), wrong)
        case "converse":
            turned_round = converse(original)
            if turned_round is not None:
                yield _Candidate(turned_round, "takes the rule the other way round")
        case "individual":
            yield from _individuals(original, example)
        case "predicate":
            yield from _predicates(original, example)


def _negations(original: Formula, *, added: bool) -> Iterator[Formula]:
    """One literal denied that was not, or the other way round; of a rule, one of its conditions,
    for its conclusion is the quantifier's ("every", "no").
    """
    match original:
        case Forall(bound, Implies() as body):
            for one in _negations(body, added=added):
                yield Forall(bound, one)
        case Implies(left, right):
            conditions = chaining.literals(left) or ()
            for place, one in enumerate(conditions):
                if isinstance(one, Not) != added:
                    changed = (*conditions[:place], negate(one), *conditions[place + 1 :])
                    yield Implies(conjunction(changed), right)
        case _ if chaining.is_literal(original) and isinstance(original, Not) != added:
            yield negate(original)


def _quantifiers(original: Formula) -> Iterator[_Candidate]:
    match original:
        case Forall(bound, Implies(left, right)) if chaining.is_literal(right):
            no, every = 'says "no" for "every"', 'says "every" for "no"'
            wrong = every if isinstance(right, Not) else no
            yield _Candidate(Forall(bound, Implies(left, negate(right))), wrong)
            both = And((*(left.args if isinstance(left, And) else (left,)), right))
            yield _Candidate(Exists(bound, both), "says that there is one, of what holds of all")
        case Exists(bound, And((*conditions, last))) if chaining.is_literal(last):
            left = conjunction(tuple(conditions))
            wrong = "says of all what holds of some"
            yield _Candidate(Forall(bound, Implies(left, last)), wrong)
            wrong = "says of none what holds of some"
            yield _Candidate(Forall(bound, Implies(left, negate(last))), wrong)


def _individuals(original: Formula, example: Example) -> Iterator[_Candidate]:
    mine = chaining.individuals([original])
    for one in mine:
        for other in chaining.individuals([*example.problem.premises, original]):
            if other not in mine and _is_like(one, other):
                by: dict[Term, Term] = {one: other}
                wrong = f"is about {named(other)} and not {named(one)}"
                yield _Candidate(exchange(original, by), wrong)


def _predicates(original: Formula, example: Example) -> Iterator[_Candidate]:
    """Another predicate of the theory for that of a fact, or of a rule's conclusion."""
    body = original.body if isinstance(original, Forall) else original
    said = body.right if isinstance(body, Implies) else body
    if not chaining.is_literal(said):
        return
    (atom,) = _atoms(said)
    known = {(p.name, len(p.args)) for p in predicates(example.problem.premises)}
    here = {p.name for p in _atoms(original)}
    for name, arity in sorted(known):
        if arity == len(atom.args) and name not in here:
            wrong = f'says "{spaced(name)}" for "{spaced(atom.name)}"'
            yield _Candidate(_replaced(original, atom, Pred(name, atom.args)), wrong)


def _atoms(formula: Formula) -> tuple[Pred, ...]:
    return tuple(dict.fromkeys(predicates((formula,))))


def _replaced(formula: Formula, old: Pred, new: Pred) -> Formula:
    return replace_atoms(formula, lambda atom: new if atom == old else atom)


def _is_like(one: Apply, other: Apply) -> bool:
    """Both are names, or both are things such as "the cat": no kind of thing among names."""
    return one.name.startswith("the_") == other.name.startswith("the_")
