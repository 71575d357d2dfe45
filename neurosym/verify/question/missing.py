"""Is the answer determined by what is given? Only where every word of the question was read.

Two models that agree with all that is given and differ in the answer show that something is
missing. For a statement they are the prover's own; for a value they are one model of the
conditions written twice, the second time with a prime on every unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeGuard

from neurosym.translate import english
from neurosym.translate.base import Status
from neurosym.translate.english.lexicon import words
from neurosym.verify.question.base import Fact, StageReport, Theory, number, quoted
from neurosym.verify.question.equations import Span, relations, spans
from neurosym.verify.segment import sentences
from neurosym.verify.values import is_linear, letters
from provers.base import Limits, Outcome, Problem, Prover, Result
from provers.logic.models import Model
from provers.logic.syntax import Apply, Arith, Compare, Eq, Formula, Not, Number, Term, Var, terms

_PLAIN: Final = words(
    """
    if given that and let suppose where such real numbers number is be a are the for then we
    have when variable variables satisfies satisfy satisfying with
    """
)
_GOAL: Final = re.compile(
    r"(?:\b(?:then\s+)?(?:what\s+is|find|compute|calculate|determine|evaluate)\s+)"
    r"(?:the\s+)?(?:exact\s+|numerical\s+)?(?:(?:value|decimal\s+equivalent)\s+of\s+)?"
    r"(?:the\s+)?(?:expression|fraction|variable)?\s*"
    r"(?P<goal>\$[^$]{1,100}\$|\\\(.{1,100}?\\\)|[^$?.\\]{1,60}?)\s*[?.]?\s*$",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"\b(?:value|equivalent)\s+of\b", re.IGNORECASE)
_UNDELIMITED: Final = re.compile(
    r"(?<![A-Za-z$\\])(?:(?:[b-zB-HJ-Z](?![A-Za-z])|a(?=\s*[-+*/^=<>])|\d|[-+*/^=()<>≤≥]"
    r"|\.(?=\d))[ ]?)+(?<! )"
)


def check_missing(text: str, prover: Prover, limits: Limits) -> StageReport:
    """``flawed`` with two models, ``passed`` with a proof that there is one answer at most."""
    statement = _statement(text, prover, limits)
    if statement is not None:
        return statement
    asked = _read_value(text)
    if asked is None:
        return StageReport("missing", "unknown", "the question was not read completely")
    return _determined(asked, prover, limits)


def read_conditions(text: str) -> Theory | None:
    """All that a question gives, where each of its words was read; else None."""
    asked = _read_value(text)
    if asked is not None:
        return asked.conditions
    stated = _read_statement(text)
    return None if stated is None else stated[0]


# --- statements ----------------------------------------------------------------------------


def _read_statement(text: str) -> tuple[Theory, Formula] | None:
    """A yes-no question in controlled English after sentences in it, and nothing else."""
    parts = sentences(text)
    if not parts or not parts[-1].rstrip().endswith("?"):
        return None
    goal = english.translate(parts[-1])
    if goal.status is not Status.TRANSLATED or len(goal.formulas) != 1:
        return None
    premises: list[Fact] = []
    for part in parts[:-1]:
        one = english.translate(part)
        if one.status is not Status.TRANSLATED:
            return None
        premises += [Fact(formula, quoted(part)) for formula in one.formulas]
    return tuple(premises), goal.formulas[0]


def _statement(text: str, prover: Prover, limits: Limits) -> StageReport | None:
    """Whether what is given decides a yes-no question."""
    statement = _read_statement(text)
    if statement is None:
        return None
    problem = Problem(tuple(fact.formula for fact in statement[0]), statement[1])
    result = prover.prove(problem, limits)
    match result.outcome:
        case Outcome.INDEPENDENT:
            message = "what is given leaves open whether it is so"
            return _decided("flawed", message, result, problem, (quoted(sentences(text)[-1]),))
        case Outcome.PROVED | Outcome.REFUTED:
            return _decided("passed", "what is given decides it", result, problem)
        case Outcome.INCONSISTENT:
            return StageReport("missing", "unknown", "what is given contradicts itself")
        case _:
            return StageReport("missing", "unknown", f"not decided: {_why(result)}")


# --- values --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    conditions: Theory
    goal: Term
    words: str


def _read_value(text: str) -> _Asked | None:
    """What is given and asked, where nothing else is said."""
    if len(text) > 1_000:
        return None
    asked = _GOAL.search(text)
    if asked is None:
        return None
    conditions: list[Fact] = []
    before = _delimited(text[: asked.start()])
    found = spans(before)
    for span in found:
        formulas, complete = relations(span.text)
        if not formulas and re.fullmatch(r"[a-zA-Z](?:\s*,\s*[a-zA-Z])*", span.text):
            continue
        if not complete or not formulas or not all(map(_renamable, formulas)):
            return None
        conditions += [Fact(formula, quoted(span.text)) for formula in formulas]
    if not set(re.findall(r"[a-z]+|\d", _around(before, found).lower())) <= _PLAIN:
        return None
    goal = _term(asked["goal"].strip("$ ").removeprefix("\\(").removesuffix("\\)"))
    if goal is None or not letters(Eq(goal, goal)):
        return None
    # "Find 2x + 3x" wants it simplified; "the value of" wants a number.
    if not conditions and not _VALUE.search(asked.group()):
        return None
    return _Asked(tuple(conditions), goal, quoted(asked.group()))


def _delimited(text: str) -> str:
    return text if "$" in text or "\\(" in text else _UNDELIMITED.sub(r"$\g<0>$", text)


def _around(text: str, found: list[Span]) -> str:
    rest = list(text)
    for span in found:
        rest[span.start : span.end] = " " * (span.end - span.start)
    return "".join(rest)


def _term(text: str) -> Term | None:
    formulas, complete = relations(f"{text} = 0")
    match formulas:
        case [Eq(left, _)] if complete:
            return left
        case _:
            return None


def _determined(asked: _Asked, prover: Prover, limits: Limits) -> StageReport:
    formulas = tuple(fact.formula for fact in asked.conditions)
    whole = Eq(asked.goal, asked.goal)
    divisors = (t.args[1] for f in (*formulas, whole) for t in terms(f) if _divides(t))
    conditions = (*formulas, *(Not(Eq(divisor, number(0))) for divisor in dict.fromkeys(divisors)))
    given = prover.prove(Problem(conditions), limits)
    if given.outcome is Outcome.INCONSISTENT:
        return StageReport("missing", "unknown", "what is given contradicts itself")
    twice = tuple(_primed(formula) for formula in conditions)
    differ = Not(Eq(asked.goal, _primed_term(asked.goal)))
    problem = Problem((*conditions, *twice, differ))
    result = prover.prove(problem, limits)
    if result.outcome is Outcome.INCONSISTENT and given.outcome is Outcome.SATISFIABLE:
        return _decided("passed", "there is exactly one answer", result, problem)
    if result.outcome is Outcome.SATISFIABLE:
        if not all(map(is_linear, formulas)):
            return StageReport("missing", "unknown", "several answers, as equations may have")
        values = _values(result, asked)
        message = f"what is given holds with {values}, which differ in the answer"
        return _decided("flawed", message, result, problem, (asked.words,))
    return StageReport("missing", "unknown", f"not decided: {_why(result)}")


def _divides(term: Term) -> TypeGuard[Arith]:
    return isinstance(term, Arith) and term.op == "/" and not isinstance(term.args[1], Number)


def _values(result: Result, asked: _Asked) -> str:
    model = getattr(result.evidence, "model", None)
    names = sorted(letters(Eq(asked.goal, asked.goal)))
    if not isinstance(model, Model):
        return "two sets of values"
    pairs = []
    for mark in ("", "′"):
        one = []
        for name in names:
            table = model.functions.get((name + mark, 0))
            value = None if table is None else table.rows.get((), table.default)
            one.append(f"{name} = {value or 0}")
        pairs.append(", ".join(one))
    return " and with ".join(pairs)


def _renamable(formula: Formula) -> bool:
    return isinstance(formula, Eq | Compare)


def _primed(formula: Formula) -> Formula:
    match formula:
        case Eq(left, right):
            return Eq(_primed_term(left), _primed_term(right))
        case Compare(op, left, right):
            return Compare(op, _primed_term(left), _primed_term(right))
        case Not(body):
            return Not(_primed(body))
        case _:
            raise ValueError(f"{type(formula).__name__} is no condition that is read here")


def _primed_term(term: Term) -> Term:
    match term:
        case Apply(name, args, sort):
            return Apply(f"{name}′", tuple(map(_primed_term, args)), sort)
        case Arith(op, args, sort):
            return Arith(op, tuple(map(_primed_term, args)), sort)
        case Number() | Var():
            return term


def _decided(
    verdict: str, message: str, result: Result, problem: Problem, words: tuple[str, ...] = ()
) -> StageReport:
    return StageReport(
        "missing",
        "flawed" if verdict == "flawed" else "passed",
        message,
        "prover",
        result,
        problem,
        words,
    )


def _why(result: Result) -> str:
    return result.reason or str(result.outcome)
