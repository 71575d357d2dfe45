"""One problem as a language model wrote it, made well-formed, with every change in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neurosym.translate.repair import names
from neurosym.translate.repair.base import Repair
from neurosym.translate.repair.scope import bind_loose, is_loose, settle
from neurosym.translate.repair.sorts import unify_sorts
from neurosym.translate.repair.spelling import respell
from provers.base import Outcome, Problem, Result
from provers.errors import InputError
from provers.logic import signature
from provers.logic.formats import detect
from provers.logic.syntax import Formula, Not, closure, free_variables
from provers.problems import ARITY_CONFLICT, FREE_VARIABLE

MOST_PREMISES = 200
_MOST_PROPOSALS = 20


@dataclass(frozen=True, slots=True)
class Dropped:
    """A premise that could not be read: its place (from 0), its text and why."""

    index: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A well-formed problem and what was done to make it one.

    ``doubts`` says, a sentence each, why the formulas may say less than was meant: what was
    dropped, and names that may stand for one thing but count as two. What follows from less
    follows; that something does not follow is then not known.

    ``loose`` are the places of those premises, and of the goal after the last, in which a variable
    that nothing binds was closed over for all and may be meant otherwise (``scope.is_loose``).
    """

    problem: Problem
    repairs: tuple[Repair, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    doubts: tuple[str, ...] = ()
    loose: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every text was read, and wholly."""
        return not self.dropped and all(repair.kind != "ellipsis" for repair in self.repairs)

    def trusts(self, outcome: Outcome) -> bool:
        """Whether ``outcome`` of the problem may be taken for an answer to what was meant."""
        lacking = outcome in (Outcome.INDEPENDENT, Outcome.SATISFIABLE)
        return not (lacking and self.doubts)


def repair_formula(text: str, notation: str = "auto") -> tuple[Formula, tuple[Repair, ...]]:
    """The one formula that ``text`` means in ``notation`` (``nltk``, ``unicode``, ``auto``).

    Free variables stay free, as in ``provers.logic.formats.parse``.

    Raises:
        InputError: the text is no formula, or may be several.
    """
    formula, spelled = respell(text, _notation([text], notation))
    settled, scoped = settle(formula)
    return settled, (*spelled, *scoped)


def repair_problem(
    premises: Sequence[str],
    goal: str,
    notation: str = "auto",
    prove: Callable[[Problem], Result] | None = None,
) -> Repaired:
    """The problem that the texts mean, as far as that can be told without changing it.

    A premise that cannot be read is dropped, which is a doubt. With ``prove``, names that
    differ in arity or spelling are made one where that leaves the premises satisfiable; at most
    ``_MOST_PROPOSALS`` are tried. Without it they stay as they are.

    Raises:
        InputError: the goal, or every premise, cannot be read; sorts do not fit together; or
            there are more than ``MOST_PREMISES`` premises.
    """
    if len(premises) > MOST_PREMISES:
        raise InputError(f"{len(premises)} premises: the limit is {MOST_PREMISES}")
    notation = _notation([*premises, goal], notation)
    repairs: list[Repair] = []
    dropped: list[Dropped] = []
    read: list[Formula] = []
    for index, text in enumerate(premises):
        try:
            formula, said = _bound(text, notation)
        except InputError as error:
            dropped.append(Dropped(index, text, str(error)))
            continue
        read.append(formula)
        repairs += _named(f"premise {index + 1}", said)
    if premises and not read:
        raise InputError(f"no premise could be read; premise 1: {dropped[0].why}")
    try:
        conclusion, said = _bound(goal, notation)
    except InputError as error:
        raise InputError(f"goal: {error}") from error
    repairs += _named("goal", said)
    if any(repair.kind == "ellipsis" for repair in said):
        raise InputError("goal: '...' leaves open what is claimed")
    formulas, said = unify_sorts((*read, conclusion))
    repairs += said
    signature.infer(formulas).check()
    if prove is not None:
        formulas, unified = _unified(formulas, prove)
        repairs += unified
    return Repaired(
        _problem(formulas),
        tuple(repairs),
        tuple(dropped),
        _doubts(formulas, repairs, dropped),
        tuple(place for place, formula in enumerate(formulas) if is_loose(formula)),
    )


def _bound(text: str, notation: str) -> tuple[Formula, tuple[Repair, ...]]:
    formula, said = repair_formula(text, notation)
    bound, loose = bind_loose(formula)
    return bound, (*said, *loose)


def _notation(texts: Sequence[str], notation: str) -> str:
    """``nltk`` or ``unicode``: what is asked for, or what most of the texts look like."""
    if notation in ("nltk", "unicode"):
        return notation
    if notation != "auto":
        raise InputError(f"{notation!r} is not repaired: use nltk, unicode or auto")
    looks = [detect(text) for text in texts]
    return "unicode" if looks.count("unicode") * 2 >= len(looks) else "nltk"


def _named(which: str, repairs: Sequence[Repair]) -> list[Repair]:
    return [Repair(repair.kind, f"{which}: {repair.message}") for repair in repairs]


def _problem(formulas: tuple[Formula, ...]) -> Problem:
    """The last formula is the goal. Free variables are closed as ``read_problem`` closes them."""
    *premises, goal = formulas
    flags = []
    if any(map(free_variables, formulas)):
        flags.append(FREE_VARIABLE)
    if signature.infer(formulas).arity_conflicts:
        flags.append(ARITY_CONFLICT)
    return Problem(
        premises=tuple(map(closure, premises)),
        goal=closure(goal),
        negation=closure(Not(goal)) if free_variables(goal) else None,
        flags=tuple(flags),
    )


def _unified(
    formulas: tuple[Formula, ...], prove: Callable[[Problem], Result]
) -> tuple[tuple[Formula, ...], list[Repair]]:
    """The formulas with the proposals that a prover lets pass, one after the other."""
    said: list[Repair] = []
    tried: set[Repair] = set()
    while len(tried) < _MOST_PROPOSALS:
        options = (*names.spellings(formulas), *names.arities(formulas))
        proposal = next((p for p in options if p.repair not in tried), None)
        if proposal is None:
            break
        if not tried and not _satisfiable(formulas, prove):
            break  # nothing could be told from what is contradictory already
        tried.add(proposal.repair)
        changed = tuple(map(proposal.change, formulas))
        if changed != formulas and _satisfiable(changed, prove):
            formulas = changed
            said.append(proposal.repair)
    return formulas, said


def _satisfiable(formulas: tuple[Formula, ...], prove: Callable[[Problem], Result]) -> bool:
    problem = Problem(tuple(map(closure, formulas[:-1])))
    return prove(problem).outcome is Outcome.SATISFIABLE


def _doubts(
    formulas: tuple[Formula, ...], repairs: Sequence[Repair], dropped: Sequence[Dropped]
) -> tuple[str, ...]:
    doubts = [f"premise {one.index + 1} was not read" for one in dropped]
    doubts += [repair.message for repair in repairs if repair.kind == "ellipsis"]
    doubts += map(str, signature.infer(formulas).arity_conflicts)
    doubts += [
        f"{name} is used both as a name and as a predicate" for name in names.two_kinds(formulas)
    ]
    return tuple(doubts)
