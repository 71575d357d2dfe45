"""Arithmetic in words to SMT-LIB by a language model: parsed, sort-checked, solved, voted.

A word problem becomes declarations, assertions and the quantity that is asked for; a step becomes
the same with a claim. The model is told what a reader or a solver has against its script: what
does not parse, sorts that do not fit, assertions that contradict each other or leave the answer
open. Samples agree where the solver gets the same value from them. The model computes nothing
that is believed: the value of a problem is the solver's, and it is the only one.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from neurosym.llm.base import Model, Request
from neurosym.translate import grammars, prompts
from neurosym.translate.arithmetic import Quantities
from neurosym.translate.clusters import Prove, cluster_problems
from neurosym.translate.drafting import Draft, draw
from neurosym.translate.grammars import names
from neurosym.translate.statements import stumbled
from provers.base import Limits, OneModel, Outcome, Problem, Prover, Refutation
from provers.errors import InputError, ParseError, SortError
from provers.logic import signature
from provers.logic.formats.smtlib import SExpr, read_sexprs, write_number
from provers.logic.syntax import (
    INT,
    REAL,
    And,
    Apply,
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Eq,
    Formula,
    Implies,
    Not,
    Number,
    Or,
    Sort,
    Term,
    terms,
)

if TYPE_CHECKING:
    from lark import Lark

Kind: TypeAlias = Literal["problem", "step"]
Status: TypeAlias = Literal["translated", "untranslated", "ambiguous"]

PROMPT: Final = "smtlib"
MAX_CHARACTERS: Final = 4_000
MAX_DEPTH: Final = 40
_MAX_TOKENS: Final = 500
_SECONDS: Final = 3.0  # for one question to the prover
_VALUE: Final = "the value"  # no name of a script has a space
_REST: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


@dataclass(frozen=True, slots=True)
class Script:
    """A script that is read: what it asserts, and what it asks for.

    Either ``unknown`` is the constant whose value is asked for, or ``claim`` is what is claimed.
    """

    text: str
    assertions: tuple[Formula, ...]
    unknown: Apply | None = None
    claim: Formula | None = None


@dataclass(frozen=True, slots=True)
class Equations:
    """Samples that say the same: the first one's script and problem, and how many they are.

    ``value`` is the quantity that was asked for; the goal of ``problem`` then says that it has
    this value, which the prover proved. For a step the goal is its claim, undecided here.
    """

    script: str
    problem: Problem
    value: Fraction | None
    votes: int = 1


@dataclass(frozen=True, slots=True)
class EquationTranslation:
    """A text as SMT-LIB.

    ``candidates`` are the groups of samples, the largest first; ``problem`` and ``value`` are the
    first's. ``ambiguous``: another group is as large. ``flags`` holds ``unfaithful`` where the
    first's script has a number that comes from nowhere in the text. ``at_once`` counts samples
    that nothing was said against, ``formed`` those after ``rounds`` rounds of complaints.
    """

    text: str
    kind: Kind
    status: Status
    candidates: tuple[Equations, ...]
    flags: tuple[str, ...]
    samples: int
    at_once: int
    formed: int
    rounds: int
    messages: tuple[str, ...]
    model: str
    prompt: str
    tokens: int
    seconds: float

    @property
    def problem(self) -> Problem | None:
        return self.candidates[0].problem if self.candidates else None

    @property
    def value(self) -> Fraction | None:
        return self.candidates[0].value if self.candidates else None

    @property
    def agreement(self) -> float:
        return self.candidates[0].votes / self.samples if self.candidates else 0.0


def translate_equations(
    text: str,
    model: Model,
    prover: Prover,
    *,
    kind: Kind = "problem",
    known: Quantities | None = None,
    samples: int = 1,
    rounds: int = 2,
    seed: int = 0,
    temperature: float = 0.7,
    limits: Limits = Limits(_SECONDS),
) -> EquationTranslation:
    """State ``text`` in SMT-LIB. One sample is greedy; several are drawn at ``temperature``.

    ``known`` are numbers of other texts that this one may use; ``limits`` holds for each
    question to the prover. Raises ModelError where the model does not answer.
    """
    start = time.monotonic()
    prompt = prompts.load(PROMPT)
    asked = prompt.messages(text[:MAX_CHARACTERS], kind=kind.capitalize())
    request = Request(
        asked,
        grammar(kind),
        n=samples,
        temperature=temperature if samples > 1 else 0.0,
        seed=seed,
        max_tokens=_MAX_TOKENS,
    )
    prove = _prove_by(prover, limits)
    drawn = draw(model, request, lambda t: _draft(t, kind, prove), _told, rounds, temperature)
    candidates = _groups(drawn.good, prove)
    messages = drawn.complaints
    strange: list[str] = []
    if candidates:
        quantities = (known or Quantities(frozenset())).with_text(text)
        strange = _strangers(candidates[0], quantities)
        messages += [f"unfaithful: {number} comes from nowhere" for number in strange]
    tied = len(candidates) > 1 and candidates[0].votes == candidates[1].votes
    return EquationTranslation(
        text,
        kind,
        "untranslated" if not candidates else "ambiguous" if tied else "translated",
        candidates,
        ("unfaithful",) if strange else (),
        len(drawn.drafts),
        drawn.at_once,
        len(drawn.good),
        drawn.rounds,
        tuple(messages),
        drawn.model,
        prompt.hash,
        drawn.tokens,
        time.monotonic() - start,
    )


def _told(complaint: str) -> str:
    return f"This script is refused: {complaint}\nAnswer with the whole corrected script only."


# --- what a script says --------------------------------------------------------------------


def _prove_by(prover: Prover, limits: Limits) -> Prove:
    return lambda problem: prover.prove(problem, limits)


def _draft(text: str, kind: Kind, prove: Prove) -> Draft[Equations]:
    try:
        script = read_script(text)
    except InputError as error:
        return Draft(None, str(error))
    if (script.claim is None) is not (kind == "problem"):
        why = "a problem ends with (get-value (x)), a step with (define-fun goal () Bool ...)"
        return Draft(None, why)
    if script.assertions:
        result = prove(Problem(script.assertions))
        if isinstance(result.evidence, Refutation):
            lines = _asserted(script.text)
            shown = " ".join(lines[i] for i in result.evidence.used)
            return Draft(None, f"these assertions contradict each other: {shown}")
    if script.claim is not None:
        return Draft(Equations(script.text, Problem(script.assertions, script.claim), None))
    assert script.unknown is not None
    value = _value(script.assertions, script.unknown, prove)
    if value is None:
        return Draft(None, f"the assertions do not determine {script.unknown.name}")
    goal = Eq(script.unknown, Number(value, script.unknown.sort))
    return Draft(Equations(script.text, Problem(script.assertions, goal), value))


def _value(premises: tuple[Formula, ...], term: Term, prove: Prove) -> Fraction | None:
    """The only value that a term has under premises; None where that was not proved."""
    named = Eq(Apply(_VALUE, (), term.sort), term)
    result = prove(Problem((*premises, named)))
    if not isinstance(result.evidence, OneModel):
        return None
    table = result.evidence.model.functions.get((_VALUE, 0))
    value = None if table is None else table.rows.get((), table.default)
    if not isinstance(value, Fraction):
        return None
    only = prove(Problem(premises, Eq(term, Number(value, term.sort))))
    return value if only.outcome is Outcome.PROVED else None


def _groups(found: Sequence[Equations], prove: Prove) -> tuple[Equations, ...]:
    """What says the same together, the largest group first, then the earliest."""
    groups: list[tuple[object, Equations]] = []
    for one in found:
        answer = _answer(one, prove)
        at = next(
            (
                i
                for i, (other, first) in enumerate(groups)
                if (answer == other if answer and other else _equivalent(first, one, prove))
            ),
            None,
        )
        if at is None:
            groups.append((answer, one))
        else:
            groups[at] = (groups[at][0], replace(groups[at][1], votes=groups[at][1].votes + 1))
    return tuple(sorted((one for _, one in groups), key=lambda one: -one.votes))


def _answer(one: Equations, prove: Prove) -> tuple[object, ...] | None:
    """What a problem comes to: its value, or the two values that a step compares."""
    premises = one.problem.premises
    match one.problem.goal:
        case _ if one.value is not None:
            return (one.value,)
        case Eq(left, right):
            sides = [_value(premises, side, prove) for side in (left, right)]
            return None if None in sides else ("=", frozenset(sides))
        case Compare(op, left, right):
            values = (_value(premises, left, prove), _value(premises, right, prove))
            if op in (">", ">="):
                op, values = "<" if op == ">" else "<=", values[::-1]
            return None if None in values else (op, *values)
        case _:
            return None


def _equivalent(one: Equations, other: Equations, prove: Prove) -> bool:
    return len(cluster_problems([one.problem, other.problem], prove).clusters) == 1


def _strangers(one: Equations, known: Quantities) -> list[str]:
    """Numbers that come from nowhere, as SMT-LIB writes them."""
    formulas = list(one.problem.premises)
    if one.value is None and one.problem.goal is not None:
        formulas.append(one.problem.goal)
    numbers = {
        term.value: term.sort
        for formula in formulas
        for term in terms(formula)
        if isinstance(term, Number)
    }
    return [write_number(v, sort) for v, sort in numbers.items() if not known.allows(v)]


# --- reading -------------------------------------------------------------------------------


def read_script(text: str) -> Script:
    """The formulas of a script of the grammar.

    All its quantities are of one sort: ``Int`` where all are declared so, else ``Real``.

    Raises ParseError for other text, and SortError where sorts do not fit together.
    """
    _check(text)
    declared: dict[str, Sort] = {}
    assertions: list[SExpr] = []
    asked: SExpr = []
    for command in read_sexprs(text):
        match command:
            case ["declare-const", str(name), str(sort)]:
                if name in declared:
                    raise ParseError(f"{name} is declared twice: leave one out")
                declared[name] = INT if sort == "Int" else REAL
            case ["assert", formula]:
                assertions.append(formula)
            case _:
                asked = command
    reader = _Reader(declared, text)
    stated = tuple(map(reader.formula, assertions))
    match asked:
        case ["get-value", [str(name)]]:
            script = Script(text.strip(), stated, unknown=reader.constant(name))
        case ["define-fun", *_, formula]:
            script = Script(text.strip(), stated, claim=reader.formula(formula))
        case _:
            raise AssertionError("the grammar has no other command")
    claims = () if script.claim is None else (script.claim,)
    signature.infer([*stated, *claims]).check()
    return script


class _Reader:
    """The formulas and terms of one script, over one sort of numbers."""

    def __init__(self, declared: dict[str, Sort], text: str) -> None:
        self.declared = declared
        sorts = set(declared.values())
        if len(sorts) > 1:
            whole = ", ".join(name for name, sort in declared.items() if sort == INT)
            raise SortError(f"Int and Real do not mix: declare {whole} Real too")
        self.sort = INT if sorts == {INT} else REAL
        if self.sort == INT and (_divides(read_sexprs(text)) or _has_decimals(text)):
            raise SortError("quotients and decimals are Real: declare all quantities Real")

    def formula(self, item: SExpr) -> Formula:
        match item:
            case ["not", body]:
                return Not(self.formula(body))
            case ["and", *parts]:
                return And(tuple(map(self.formula, parts)))
            case ["or", *parts]:
                return Or(tuple(map(self.formula, parts)))
            case ["=>", *parts]:
                *before, last = map(self.formula, parts)
                return functools.reduce(
                    lambda right, left: Implies(left, right), before[::-1], last
                )
            case ["=", left, right]:
                return Eq(self.term(left), self.term(right))
            case [str(op), left, right]:
                return Compare(_COMPARE[op], self.term(left), self.term(right))
            case _:
                raise AssertionError("the grammar has no other formula")

    def term(self, item: SExpr) -> Term:
        match item:
            case str(token) if token[0].isdigit():
                return Number(Fraction(token), self.sort)
            case str(name):
                return self.constant(name)
            case [str(op), first]:
                if op != "-":
                    raise ParseError(f"({op} x) is not complete: it takes two operands")
                return Arith("-", (self.term(first),), self.sort)
            case [str(op), *parts]:
                return self.operation(_ARITHMETIC[op], tuple(map(self.term, parts)))
            case _:
                raise AssertionError("the grammar has no other term")

    def operation(self, op: ArithOp, args: tuple[Term, ...]) -> Term:
        if op in ("+", "*"):
            return Arith(op, args, self.sort)
        return functools.reduce(lambda left, right: Arith(op, (left, right), self.sort), args)

    def constant(self, name: str) -> Apply:
        if name not in self.declared:
            raise ParseError(f"{name} is not declared: add (declare-const {name} Real)")
        return Apply(name, (), self.declared[name])


_COMPARE: Final[dict[str, CompareOp]] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ARITHMETIC: Final[dict[str, ArithOp]] = {"+": "+", "-": "-", "*": "*", "/": "/"}


def _divides(items: Iterable[SExpr]) -> bool:
    return any(isinstance(item, list) and (item[:1] == ["/"] or _divides(item)) for item in items)


def _has_decimals(text: str) -> bool:
    return "." in text


def _asserted(text: str) -> list[str]:
    return [_written(c[1]) for c in read_sexprs(text) if isinstance(c, list) and c[0] == "assert"]


def _written(item: SExpr) -> str:
    return item if isinstance(item, str) else f"({' '.join(map(_written, item))})"


def _check(text: str) -> None:
    """Raises ParseError for text that is no script of the grammar."""
    from lark.exceptions import UnexpectedInput

    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"the script is longer than {MAX_CHARACTERS} characters: shorten it")
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise ParseError(f"the script nests deeper than {MAX_DEPTH} levels: simplify it")
    try:
        _parser().parse(text)
    except UnexpectedInput as error:
        raise ParseError(
            "this cannot stand here in a script",
            line=max(1, error.line),
            column=max(1, error.column),
            text=stumbled(text, error),
        ) from None


# --- writing -------------------------------------------------------------------------------


@functools.cache
def _lark() -> str:
    return resources.files(grammars).joinpath("smtlib.lark").read_text(encoding="utf-8")


@functools.cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_lark(), parser="lalr", lexer="contextual", maybe_placeholders=False)


@functools.cache
def grammar(kind: Kind) -> str:
    """GBNF for one script, a command on each line, that ends as the kind of text wants it."""
    end = '(assertion "\\n")+ question' if kind == "problem" else '(assertion "\\n")* goal'
    least = "+" if kind == "problem" else "*"
    spaced = {
        "start": f'(declaration "\\n"){least} {end}',
        "declaration": '"(declare-const " NAME " " SORT ")"',
        "assertion": '"(assert " formula ")"',
        "question": '"(get-value (" NAME "))"',
        "goal": '"(define-fun goal () Bool " formula ")"',
        "formula": '("(" RELATION " " term " " term ")" | "(not " formula ")"'
        ' | "(" JUNCTOR (" " formula){2,} ")")',
        "term": '(NAME | NUMBER | "(- " term ")" | "(" OPERATOR (" " term){2,} ")")',
    }
    reserved = _lark().rpartition("NAME: /(?!(?:")[2].partition(")")[0].split("|")
    symbols = {
        "NAME": names.identifier(reserved, _REST),
        "RELATION": '("=" | "<" | "<=" | ">" | ">=")',
        "NOT": '"not"',
        "JUNCTOR": '("and" | "or" | "=>")',
        "SORT": '("Int" | "Real")',
        "NUMBER": '([0-9]{1,12} ("." [0-9]{1,6})?)',
        "_DEFINE_GOAL": '"define-fun goal () Bool"',
    }
    made = grammars.gbnf(_lark(), spell=symbols, replace=spaced)
    return made + names.tail(_REST)
