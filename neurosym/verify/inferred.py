"""Premises that a step leaves unsaid: asked of a language model, and accepted only as assumed.

A step that does not follow may rest on what everybody knows ("all dogs are animals"). A model is
asked for it; nothing is believed on its word. A sentence of the model closes a gap only if, by a
prover's evidence,

- the premises with it entail the step (and, since they did not without it, it is needed),
- the premises with it have a model,
- it does not entail the step by itself, so that at least one premise is needed too,
- the premises with the step do not entail it: it says more than that the step is true, given what
  is given ("if Rex is a dog, then Rex is red" says no more),
- the step does not follow emptily (its condition excluded, its claim a tautology),

and if it speaks of nothing but what premises and step speak of. That it is *true* nobody showed:
the step's verdict stays what it was, and what follows, follows assuming this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from neurosym.llm.base import Model, Request
from neurosym.translate import prompts
from neurosym.translate.english import split_sentences
from neurosym.translate.rendering import render
from neurosym.verify import vacuity
from provers.base import Limits, OneModel, Outcome, Problem, Prover, Refutation, Result
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    And,
    Apply,
    Forall,
    Formula,
    Implies,
    Not,
    Number,
    Pred,
    Term,
    Var,
    atom_terms,
    free_variables,
    substitute,
    subterms,
    walk,
)

Flag: TypeAlias = Literal["individual"]
"""``individual``: no general statement, or one about what the step speaks of by name."""

MAX_SHOWN: Final = 40
MAX_LINKS: Final = 6
MAX_TEXT: Final = 300
_TEMPERATURE: Final = 0.7
_LABEL: Final = re.compile(r"^(?:[-*•]\s+|(?:premise|answer|missing premise)\s*:\s*)+", re.I)


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap that ``text`` would close, as far as a prover can tell.

    ``problem`` is the premises and, last, ``formula``, with the step as its goal; ``result`` is
    the prover's proof of it, ``consistency`` a model of its premises. ``used`` are the indices of
    the premises that the proof needs, the inferred one left out. ``rejected`` are the other
    sentences of the model that were tried, each with the reason.
    """

    text: str
    formula: Formula
    problem: Problem
    result: Result
    consistency: Result
    used: tuple[int, ...]
    flags: tuple[Flag, ...]
    model: str
    prompt_hash: str
    rejected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A gap that stays open: what the model said, and why each was rejected."""

    model: str
    prompt_hash: str
    rejected: tuple[tuple[str, str], ...]


def close_gap(
    claim_text: str,
    premises: Sequence[tuple[str, Formula]],
    goal: Formula,
    model: Model,
    prover: Prover,
    limits: Limits = Limits(),
    *,
    read: Callable[[str], Formula | None],
    samples: int = 4,
    seed: int = 0,
) -> Gap | Open:
    """The first sentence of the model that closes the gap between ``premises`` and ``goal``.

    ``premises`` are what the step may use, with the text of each. ``read`` makes a formula of a
    sentence, or None. The greedy answer is tried first, then ``samples`` - 1 drawn ones; a general
    statement is preferred to a flagged one. ``limits`` hold for each question to the prover.

    Raises ValueError where the goal is not ``independent`` of the premises, since then there is
    no gap; ModelError where the model does not answer.
    """
    formulas = tuple(formula for _, formula in premises)
    asked = prover.prove(Problem(formulas, goal), limits)
    if asked.outcome is not Outcome.INDEPENDENT:
        raise ValueError(f"no gap to close: the step is {asked.outcome} from its premises")
    prompt = prompts.load("premise")
    messages = prompt.messages(
        " ".join(claim_text.split()),
        premises="\n".join(f"- {' '.join(text.split())}" for text in _shown(premises, goal)),
        links="\n".join(f"- {render(link)}" for link in links(formulas, goal)[:MAX_LINKS]),
    )
    trial = _Trial(formulas, goal, prover, limits, read)
    flagged: tuple[str, _Closing] | None = None
    name = model.name
    for temperature, count in ((0.0, 1), (_TEMPERATURE, samples - 1)):
        if count < 1:
            continue
        request = Request(
            messages, None, count, temperature, seed, max_tokens=80, stop=("\n", "===")
        )
        answer = model.complete(request)
        name = answer.model or name
        for sample in answer.samples:
            text = _sentence(sample.text)
            closing = trial.judge(text)
            if closing is not None and not closing.flags:
                return closing.gap(text, name, prompt.hash, trial.rejected)
            if closing is not None and flagged is None:
                flagged = text, closing
    if flagged is None:
        return Open(name, prompt.hash, tuple(trial.rejected))
    return flagged[1].gap(flagged[0], name, prompt.hash, trial.rejected)


def _sentence(text: str) -> str:
    """The first sentence of what a model wrote, without label and quotes."""
    sentences = split_sentences(_LABEL.sub("", text.strip()))
    return sentences[0].strip("\"'`“” ") if sentences else ""


def _shown(premises: Sequence[tuple[str, Formula]], goal: Formula) -> list[str]:
    """The premises' texts in order; of many, those that share a symbol with the goal first."""
    wanted = _symbols(goal)
    order = sorted(
        range(len(premises)), key=lambda i: not _symbols(premises[i][1]) & wanted
    )[:MAX_SHOWN]  # fmt: skip
    return list(dict.fromkeys(premises[i][0][:MAX_TEXT] for i in sorted(order)))


# --- judging -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Closing:
    """A premise that passed, with its evidence."""

    formula: Formula
    problem: Problem
    result: Result
    consistency: Result
    used: tuple[int, ...]
    flags: tuple[Flag, ...]

    def gap(self, text: str, model: str, hash_: str, rejected: Sequence[tuple[str, str]]) -> Gap:
        return Gap(
            text,
            self.formula,
            self.problem,
            self.result,
            self.consistency,
            self.used,
            self.flags,
            model,
            hash_,
            tuple(rejected),
        )


class _Rejected(Exception):
    """A candidate that does not close the gap; ``str()`` says why."""


class _Trial:
    """Judges one candidate after the other; the same formula is judged once."""

    def __init__(
        self,
        premises: tuple[Formula, ...],
        goal: Formula,
        prover: Prover,
        limits: Limits,
        read: Callable[[str], Formula | None],
    ) -> None:
        self.premises = premises
        self.goal = goal
        self.prover = prover
        self.limits = limits
        self.read = read
        self.rejected: list[tuple[str, str]] = []
        self.seen: set[Formula] = set()

    def judge(self, text: str) -> _Closing | None:
        """What ``text`` closes the gap with; None where it does not, with the reason noted."""
        try:
            formula = self._formula(text)
            if formula is None:
                return None
            return self._closing(formula)
        except _Rejected as reason:
            self.rejected.append((text, str(reason)))
            return None

    def _formula(self, text: str) -> Formula | None:
        """The candidate's formula; None where it was judged before."""
        if not text or text.lower().rstrip(".") == "none":
            raise _Rejected("names no premise")
        if len(text) > MAX_TEXT:
            raise _Rejected(f"is longer than {MAX_TEXT} characters")
        formula = self.read(text)
        if formula is None:
            raise _Rejected("could not be read")
        if free_variables(formula):
            raise _Rejected("leaves open what it is about")
        known = set().union(*map(_symbols, (*self.premises, self.goal)))
        foreign = sorted(str(symbol[0]) for symbol in _symbols(formula) - known)
        if foreign:
            raise _Rejected(f"brings in {', '.join(foreign[:4])}, which nothing else speaks of")
        same = canonical(formula)
        if same in self.seen:
            return None
        self.seen.add(same)
        return formula

    def _closing(self, formula: Formula) -> _Closing:
        problem = Problem((*self.premises, formula), self.goal)
        consistency = self._prove(Problem(problem.premises))
        if consistency.outcome is Outcome.INCONSISTENT:
            raise _Rejected("contradicts what is given")
        if not isinstance(consistency.evidence, OneModel):
            raise _Rejected("was not shown to be consistent with what is given")
        result = self._prove(problem)
        if result.outcome is Outcome.REFUTED:
            raise _Rejected("makes the step false")
        if result.outcome is not Outcome.PROVED or not isinstance(result.evidence, Refutation):
            raise _Rejected("does not make the step follow")
        # A prover that gives up shows nothing: each of these two needs a model.
        if not self._leaves_open((formula,), self.goal):
            raise _Rejected("says the step by itself")
        if not self._leaves_open((*self.premises, self.goal), formula):
            raise _Rejected("says no more than the step, given the premises")
        if vacuity.flags(problem, result, self._prove):
            raise _Rejected("makes the step follow emptily")
        used = tuple(i for i in result.evidence.used if i < len(self.premises))
        flags: tuple[Flag, ...] = () if _is_general(formula, self.goal) else ("individual",)
        return _Closing(formula, problem, result, consistency, used, flags)

    def _leaves_open(self, premises: tuple[Formula, ...], goal: Formula) -> bool:
        """Whether there is a model of ``premises`` in which ``goal`` is false."""
        answer = self._prove(Problem((*premises, Not(goal))))
        return isinstance(answer.evidence, OneModel)

    def _prove(self, problem: Problem) -> Result:
        return self.prover.prove(problem, self.limits)


_Symbol: TypeAlias = tuple[str, int]


def _symbols(formula: Formula) -> frozenset[_Symbol]:
    """Predicates and functions with their arities, and numbers (arity -1)."""
    found: set[_Symbol] = set()
    for part in walk(formula):
        if isinstance(part, Pred):
            found.add((part.name, len(part.args)))
        for term in _terms(part):
            if isinstance(term, Apply):
                found.add((term.name, len(term.args)))
            elif isinstance(term, Number):
                found.add((str(term.value), -1))
    return frozenset(found)


def _terms(formula: Formula) -> Iterator[Term]:
    for term in atom_terms(formula):
        yield from subterms(term)


def _is_general(formula: Formula, goal: Formula) -> bool:
    """Whether this speaks of everything, and not of what the step is about.

    What a step is about are the constants that stand first in its atoms: in "Rex eats meat" it is
    Rex, and "all dogs eat meat" is general.
    """
    parts = formula.args if isinstance(formula, And) else (formula,)
    if not all(isinstance(part, Forall) for part in parts):
        return False
    about = {part.args[0] for part in walk(goal) if isinstance(part, Pred) and part.args}
    constants = {t for part in walk(formula) for t in _terms(part) if isinstance(t, Apply)}
    return not about & constants


# --- links ---------------------------------------------------------------------------------


def links(premises: Sequence[Formula], goal: Formula, most: int = 20) -> tuple[Formula, ...]:
    """Rules ``∀x (P(x) → Q(x))`` that would close the gap by their form alone.

    ``P`` is known of what the step is about, ``Q`` is the step's own claim or would lead to it
    by a rule. They are made to be shown to a person or a model, who may know which of them are
    true; none says anything by itself. At most ``most``, those that use most of the premises
    first. None where the goal is no literal about something named and no rule about everything.
    """
    x = Var("x")
    match goal:
        case Forall((var,), Implies(left, right)):
            start, claim = substitute(left, {var: x}), substitute(right, {var: x})
            known = list(_conjuncts(start))
        case Pred(_, (Apply() as about, *_)) | Not(Pred(_, (Apply() as about, *_))):
            known = [
                _about(part, x)
                for premise in premises
                for part in _conjuncts(premise)
                if _is_literal(part) and _subject(part) == about
            ]
            claim = _about(goal, x)
        case _:
            return ()
    if not _is_literal(claim):
        return ()
    rules = [rule for premise in premises for rule in _rules(premise, x)]
    known = list(dict.fromkeys(known))
    for _ in rules:
        derived = [head for body, head in rules if head not in known and set(body) <= set(known)]
        if not derived:
            break
        known += dict.fromkeys(derived)
    wanted = [claim]
    for target in wanted:  # grows while it is gone through
        before = [body[0] for body, head in rules if head == target and len(body) == 1]
        wanted += [b for b in dict.fromkeys(before) if b not in wanted and b not in known]
    pairs = [(p, q) for q in reversed(wanted) for p in reversed(known) if _atom(p) != _atom(q)]
    return tuple(Forall((x,), Implies(p, q)) for p, q in pairs[:most])


def _conjuncts(formula: Formula) -> tuple[Formula, ...]:
    return formula.args if isinstance(formula, And) else (formula,)


def _atom(literal: Formula) -> Formula:
    return literal.body if isinstance(literal, Not) else literal


def _is_literal(formula: Formula) -> bool:
    return isinstance(_atom(formula), Pred)


def _subject(literal: Formula) -> Term | None:
    atom = _atom(literal)
    return atom.args[0] if isinstance(atom, Pred) and atom.args else None


def _about(literal: Formula, var: Var) -> Formula:
    """The literal with its first argument, and no other, replaced."""
    match literal:
        case Not(body):
            return Not(_about(body, var))
        case Pred(name, args):
            return Pred(name, (var, *args[1:]))
        case _:
            return literal


def _rules(premise: Formula, x: Var) -> Iterator[tuple[tuple[Formula, ...], Formula]]:
    """The rules about one variable that a premise holds: conditions and conclusion."""
    match premise:
        case And(args):
            for arg in args:
                yield from _rules(arg, x)
        case Forall((var,), Implies(left, right)):
            body = _conjuncts(substitute(left, {var: x}))
            for head in _conjuncts(substitute(right, {var: x})):
                if _is_literal(head) and all(map(_is_literal, body)):
                    yield body, head
