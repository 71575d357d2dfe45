"""Lean 4 statements from a language model: elaborated by Lean, corrected by Lean's words, voted.

The model writes a theorem's statement and never a proof: the grammar it writes along, and that is
read again afterwards, has no words for one. A statement that Lean does not elaborate goes back to
the model with Lean's complaint. Several samples are put together where Lean proves that they say
the same, and the largest group wins. What a statement says may still be wrong or false;
``neurosym.translate.negation`` looks for that.
"""

from __future__ import annotations

import functools
import re
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from neurosym.llm.base import Model, Request
from neurosym.translate import grammars, prompts
from neurosym.translate.drafting import Draft, draw
from neurosym.translate.grammars import names
from neurosym.translate.propositions import same
from provers.base import Limits
from provers.errors import ParseError
from provers.lean.base import Checker
from provers.lean.judge import read_messages
from provers.lean.source import split_header, without_proof

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

Status: TypeAlias = Literal["translated", "untranslated", "ambiguous"]

PROMPT: Final = "lean"
HEADER: Final = "import NeuroSym.Compat\n\n"
MAX_CHARACTERS: Final = 4_000
_MAX_TOKENS: Final = 300
_MAX_COMPLAINTS: Final = 3
_COMPLAINT_LENGTH: Final = 240
_CHECK: Final = Limits(20.0)
# Letters that Lean would declare by itself where nothing declares them.
_AUTOMATIC: Final = re.compile(r"[^\W\d_][\d₀-₉]*")
# Functions of core Lean with a dot in their names.
_FUNCTIONS: Final = ("Nat.gcd", "Nat.lcm", "Int.gcd", "Int.natAbs", "Int.toNat")
_REST: Final = string.ascii_letters + string.digits + "_₀₁₂₃₄₅₆₇₈₉"
_REALS: Final = re.compile(r"\breals?\b|ℝ|√|\\sqrt|\\mathbb\{?R|\bpi\b|π", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that Lean elaborates, and how many samples say the same as it."""

    statement: str
    votes: int


@dataclass(frozen=True, slots=True)
class StatementTranslation:
    """A text as a Lean statement.

    ``statement`` is a file: its imports and one theorem without a proof; empty unless ``status``
    is ``translated`` or, where groups of samples are of one size, ``ambiguous`` (it is then the
    first). ``candidates`` are all groups, the largest first; ``agreement`` is the share of all
    samples that the first holds. ``at_once`` counts the samples that Lean elaborated without a
    complaint and ``elaborated`` those after ``rounds`` rounds of complaints. ``messages`` are
    Lean's last words on what failed, and remarks. ``tokens`` counts generated ones.
    """

    text: str
    status: Status
    statement: str
    candidates: tuple[Candidate, ...]
    samples: int
    at_once: int
    elaborated: int
    rounds: int
    messages: tuple[str, ...]
    model: str
    prompt: str
    tokens: int
    seconds: float

    @property
    def agreement(self) -> float:
        return self.candidates[0].votes / self.samples if self.candidates else 0.0


def translate_statement(
    text: str,
    model: Model,
    checker: Checker,
    *,
    samples: int = 1,
    rounds: int = 2,
    seed: int = 0,
    temperature: float = 0.7,
    limits: Limits = Limits(60.0),
    greedy: bool = True,
) -> StatementTranslation:
    """State ``text`` in Lean. One sample is ``greedy``; several are drawn at ``temperature``.

    ``limits`` holds for all that Lean is asked, not for the model. Raises ModelError where the
    model does not answer, MissingToolError or BrokenToolError where Lean cannot be started.
    """
    start = time.monotonic()
    prompt = prompts.load(PROMPT)
    asked = prompt.messages(text[:MAX_CHARACTERS])
    request = Request(
        asked,
        grammar(),
        n=samples,
        temperature=0.0 if greedy and samples == 1 else temperature,
        seed=seed,
        max_tokens=_MAX_TOKENS,
    )
    lean = _Lean(checker, limits)
    drawn = draw(model, request, lean.draft, _told, rounds, temperature)
    candidates = _groups(drawn.good, lean)
    messages = drawn.complaints
    if candidates and "ℚ" in candidates[0].statement and _REALS.search(text):
        messages.append("the text may mean real numbers; the statement is about rational ones")
    tied = len(candidates) > 1 and candidates[0].votes == candidates[1].votes
    return StatementTranslation(
        text,
        "untranslated" if not candidates else "ambiguous" if tied else "translated",
        candidates[0].statement if candidates else "",
        candidates,
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
    return (
        f"Lean refuses this statement:\n{complaint}\n"
        "Answer with the whole corrected statement only."
    )


def _groups(statements: list[str], lean: _Lean) -> tuple[Candidate, ...]:
    """Statements that say the same together, the largest group first, then the earliest."""
    found: list[Candidate] = []
    for statement in statements:
        at = next((i for i, c in enumerate(found) if lean.same(c.statement, statement)), None)
        if at is None:
            found.append(Candidate(statement, 1))
        else:
            found[at] = replace(found[at], votes=found[at].votes + 1)
    return tuple(sorted(found, key=lambda candidate: -candidate.votes))


class _Lean:
    """A checker, and the time that is left for all questions together."""

    def __init__(self, checker: Checker, limits: Limits) -> None:
        self.checker = checker
        self.left = limits.seconds
        self.megabytes = limits.megabytes

    def draft(self, text: str) -> Draft[str]:
        """A model's statement as a file, or what is wrong with it."""
        complaint = self._complaint(text)
        return Draft(None, complaint) if complaint else Draft(HEADER + text.strip())

    def _complaint(self, statement: str) -> str:
        """What is wrong with a model's statement, in a few lines; empty where nothing is."""
        try:
            check_statement(statement)
        except ParseError as error:
            return str(error)
        source = split_header(HEADER + without_proof(statement.strip()))
        request = {"op": "check", "code": source.body}
        reply = self.checker.ask(source.header, request, self._limits(_CHECK.seconds))
        self.left -= reply.seconds
        if reply.body is None:
            return f"Lean was stopped ({reply.stopped}): state it more simply"
        shown = HEADER.count("\n")
        errors = [m for m in read_messages(reply.body) if m.severity == "error"]
        return "\n".join(
            f"line {(m.line or 1) - shown}, column {m.column}: {_first_part(m.text)}"
            for m in errors[:_MAX_COMPLAINTS]
        )

    def same(self, first: str, second: str) -> bool:
        start = time.monotonic()
        try:
            return same(first, second, self.checker, self._limits(10.0))
        finally:
            self.left -= time.monotonic() - start

    def _limits(self, most: float) -> Limits:
        return Limits(max(0.5, min(most, self.left)), self.megabytes)


def _first_part(complaint: str) -> str:
    """Lean's complaint without its hints, in one line."""
    return " ".join(complaint.partition("\n\n")[0].split())[:_COMPLAINT_LENGTH]


# --- what a statement may be written in ----------------------------------------------------


@functools.cache
def _lark() -> str:
    return resources.files(grammars).joinpath("lean.lark").read_text(encoding="utf-8")


@functools.cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_lark(), parser="lalr", lexer="contextual", maybe_placeholders=False)


def check_statement(statement: str) -> None:
    """Raises ParseError for text that is not one theorem statement without a proof.

    Nor may it hold what Lean would read as something that is hardly ever meant: a letter that
    nothing declares, which Lean would declare, or a quotient where there are only whole numbers,
    which Lean cuts off (``1 / 2 = 0``).
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput

    if len(statement) > MAX_CHARACTERS:
        raise ParseError(f"the statement is longer than {MAX_CHARACTERS} characters: shorten it")
    try:
        tree = _parser().parse(statement.strip())
    except UnexpectedInput as error:
        kind = "character" if isinstance(error, UnexpectedCharacters) else "word"
        raise ParseError(
            f"this {kind} cannot stand here in a statement",
            line=max(1, error.line),
            column=max(1, error.column),
            text=stumbled(statement.strip(), error),
        ) from None
    declared = {str(name) for found in tree.find_data("names") for name in found.children}
    for name in _used(tree):
        head = name.partition(".")[0]
        if head not in declared and _AUTOMATIC.fullmatch(head):
            raise ParseError(
                f"{head} is not declared: give it a type in brackets, as in ({head} : ℚ)",
                line=name.line or 1,
                column=name.column or 1,
            )
    if "/" in statement and not re.search("ℚ|Rat", statement):
        raise ParseError(
            "Lean cuts off quotients of whole numbers (1 / 2 = 0): use ℚ, as in (1 / 2 : ℚ)"
        )


def stumbled(text: str, error: UnexpectedInput) -> str:
    """The piece of a text that a parser did not expect."""
    token = getattr(error, "token", None)
    at = error.pos_in_stream
    if at is None or (token is not None and token.type == "$END"):
        return "the end"
    return text[at : at + 20]


def _used(tree: Tree[Token]) -> Iterator[Token]:
    for used in tree.find_data("name"):
        for name in used.children:
            assert not hasattr(name, "data")
            yield name


@functools.cache
def grammar() -> str:
    """GBNF for one statement, spelled as Lean's own printer spaces it."""
    symbols = {
        "_THEOREM": '"theorem "',
        "_COLON": '" : "',
        "_COMMA": '", "',
        "_IFF": '" ↔ "',
        "_ARROW": '" → "',
        "_OR": '" ∨ "',
        "_AND": '" ∧ "',
        "_NOT": '"¬"',
        "RELATION": '" " [=≠<≤>≥∣] " "',
        "SIGN": '" " [+-] " "',
        "_MINUS": '"-"',
        "TIMES": '" " [*/%] " "',
        "_POWER": '" ^ "',
        "QUANTIFIER": '("∀ " | "∃ ")',
        "SORT": '("ℕ" | "ℤ" | "ℚ" | "Bool" | "Prop" | "Type")',
        "TRUTH": '("True" | "False")',
        "NUMBER": '([0-9]{1,12} ("." [0-9]{1,6})?)',
        "NAME": names.identifier(_reserved(), _REST, stem="sorry"),
    }
    spaced = {
        "binders": '(" " binder)*',
        "names": 'NAME (" " NAME)*',
        "start": 'THEOREM "step" binders COLON term',
        "application": f'({grammars.choice(_FUNCTIONS)} | atom) (" " atom)*',
        "bound": '(binder (" " binder)* | names COLON term)',
    }
    made = grammars.gbnf(_lark(), spell=symbols, replace=spaced)
    return made + names.tail(_REST)


def _reserved() -> frozenset[str]:
    """The words that the grammar's pattern for names excludes."""
    pattern = next(line for line in _lark().split("\n") if line.startswith("NAME:"))
    excluded = re.findall(r"\(\?!\(\?:([\w|]+)\)", pattern)
    return frozenset(word for words in excluded for word in words.split("|"))
