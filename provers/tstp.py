"""TSTP derivations: read, and replayed step by step with another prover.

The idea of replaying is GDV's (Sutcliffe, "Semantic Derivation Verification", IJAIT 15, 2006):
each inferred formula must follow from its parents, which a step of resolution or another prover
shows, and what does not follow logically (Skolemisation, definitions) is checked by its
structure. A Skolemisation is accepted only if a Skolem form of the parent, computed by this
package, entails the conclusion; new symbols must be new to the whole derivation so far.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from provers.errors import InputError, ParseError
from provers.logic.formats import tptp
from provers.logic.syntax import (
    FALSE,
    INDIVIDUAL,
    Exists,
    Forall,
    Formula,
    Not,
    closure,
    conjunction,
    terms,
    walk,
)
from provers.resolution import resolves
from provers.skolem import (
    Symbol,
    defines,
    is_choice,
    normal,
    rename_symbols,
    skolem_forms,
    symbols,
)

Entails: TypeAlias = Callable[[Sequence[Formula], Formula], bool]

MAX_CHARACTERS: Final = 16_000_000
MAX_STEPS: Final = 50_000
SYMBOLS_MARK: Final = "% symbols: "


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A TSTP general term: ``name``, ``name(args)`` or, with the name ``[]``, a list."""

    name: str
    args: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation; ``source`` is None where the line has no annotation."""

    name: str
    role: str
    text: str
    source: Source | None

    @property
    def leaf(self) -> str | None:
        """The name in the problem of a formula taken from there, None for other steps."""
        if self.source is None or self.source.name != "file":
            return None
        args = self.source.args
        return args[1].name if len(args) > 1 and args[1].name != "unknown" else self.name

    def formula(self) -> Formula:
        """The formula, closed universally; raises ParseError."""
        return closure(tptp.parse_formula(self.text))


_TOKEN: Final = re.compile(
    r"""\s+ | [%\#][^\n]* | (?P<token>
        '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*"
        | [()\[\],] | \.(?!\d) | [^\s%'"()\[\],.]+ | . )""",
    re.VERBOSE,
)
_OPENING: Final = {"(": ")", "[": "]"}


def read(text: str) -> tuple[Step, ...]:
    """The steps of a derivation in their order. Raises ParseError."""
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"the derivation has more than {MAX_CHARACTERS} characters")
    steps: list[Step] = []
    open_: list[str] = []
    parts: list[list[str]] = []
    for match in _TOKEN.finditer(text):
        token = match["token"]
        if token is None:
            continue
        if not open_:
            if token == "(" and parts:
                open_.append(")")
                parts.append([])
            elif token == "." and len(parts) > 1:
                steps.append(_step(parts, text, match.start()))
                if len(steps) > MAX_STEPS:
                    raise ParseError(f"the derivation has more than {MAX_STEPS} steps")
                parts = []
            elif not parts and token in ("fof", "cnf"):
                parts = [[token]]
            else:
                raise _error("no annotated formula", text, match.start())
        elif token in _OPENING:
            open_.append(_OPENING[token])
            parts[-1].append(token)
        elif token in (")", "]"):
            if open_.pop() != token:
                raise _error("brackets do not match", text, match.start())
            if open_:
                parts[-1].append(token)
        elif token == "," and len(open_) == 1:
            parts.append([])
        else:
            parts[-1].append(token)
    if parts:
        raise _error("the derivation ends too early", text, len(text))
    return tuple(steps)


def _step(parts: list[list[str]], text: str, offset: int) -> Step:
    if len(parts) < 4 or not all(parts) or len(parts[1]) != 1 or len(parts[2]) != 1:
        raise _error("a derivation's line has a name, a role and a formula", text, offset)
    name, role, formula = parts[1][0], parts[2][0], " ".join(parts[3])
    source = _source(parts[4], text, offset) if len(parts) > 4 else None
    return Step(_plain(name), role, formula, source)


def _plain(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[:1] == "'" and len(token) > 1 else token


def _source(tokens: list[str], text: str, offset: int) -> Source:
    """One general term; built bottom up with a stack, so that nesting cannot hurt."""
    stack: list[tuple[str, list[Source]]] = [("", [])]
    word: str | None = None
    for token in tokens:
        if token in ("(", "["):
            if token == "(" and word is None:
                raise _error("a bracket without a name in an annotation", text, offset)
            stack.append((word if token == "(" and word is not None else "[]", []))
            word = None
        elif token in (")", "]", ","):
            if word is not None:
                stack[-1][1].append(Source(word))
                word = None
            if token != ",":
                name, args = stack.pop()
                if not stack:
                    raise _error("brackets do not match in an annotation", text, offset)
                stack[-1][1].append(Source(name, tuple(args)))
        elif token.startswith(":"):
            word = word or ""  # "parent:[bind(...)]": what is bound is not needed
        else:
            word = _plain(token) if word is None else word + _plain(token)
    if word is not None:
        stack[-1][1].append(Source(word))
    if len(stack) != 1 or not stack[0][1]:
        raise _error("an annotation that is no term", text, offset)
    return stack[0][1][0]


def _error(message: str, text: str, offset: int) -> ParseError:
    line = text.count("\n", 0, offset) + 1
    return ParseError(message, line=line, column=offset - text.rfind("\n", 0, offset))


def leaves(steps: Sequence[Step]) -> tuple[str, ...]:
    """Names of the problem's formulas that a derivation starts from, without repetition."""
    return tuple(dict.fromkeys(name for step in steps if (name := step.leaf) is not None))


# The file's name is quoted, which no term of a formula that is written here is.
_FILE: Final = re.compile(r"(?<=\bfile\()('[^'\\\n]*', *)([a-z]\w*)", re.ASCII)


def rename_leaves(text: str, names: Mapping[str, str]) -> str:
    """A derivation whose leaves are called otherwise; those ``names`` does not list stay."""
    head, rest = "", text
    if text.startswith(SYMBOLS_MARK):
        head, line_end, rest = text.partition("\n")
        head += line_end
    return head + _FILE.sub(lambda leaf: leaf[1] + names.get(leaf[2], leaf[2]), rest)


# --- symbol names --------------------------------------------------------------------------


def write_symbols(renamed: Mapping[Symbol, str]) -> str:
    """The comment line that says how symbols are called in a derivation, "" if unchanged."""
    if not renamed:
        return ""
    return SYMBOLS_MARK + json.dumps([[*symbol, name] for symbol, name in renamed.items()]) + "\n"


def read_symbols(text: str) -> dict[Symbol, str]:
    """What ``write_symbols`` wrote at the top of a derivation. Raises ParseError."""
    if not text.startswith(SYMBOLS_MARK):
        return {}
    line = text.partition("\n")[0].removeprefix(SYMBOLS_MARK)
    try:
        rows = json.loads(line)
        return {(str(k), str(n), int(a)): str(new) for k, n, a, new in rows}
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ParseError("the derivation's line of symbols is not readable") from error


# --- replaying -----------------------------------------------------------------------------


class _Refused(Exception):
    """A step that could not be checked, and why."""


@dataclass(frozen=True, slots=True)
class _Parents:
    """What a step comes from: (step name, negated), and whether only satisfiability is kept."""

    names: tuple[tuple[str, bool], ...]
    equisatisfiable: bool


def replay(
    text: str,
    premises: Sequence[Formula],
    goal_assumption: Formula | None,
    entails: Entails,
    *,
    seconds: float = float("inf"),
) -> tuple[bool, str]:
    """Whether a derivation shows that ``premises`` and ``goal_assumption`` are contradictory.

    ``goal_assumption`` is what is assumed beside the premises (the negated goal). ``entails``
    says whether formulas entail another; it is asked for nearly every step. The answer comes
    with what was wrong, or how much was checked; what takes longer than ``seconds`` is refused.
    """
    if not isinstance(text, str):
        return False, "the derivation is no text"
    try:
        replayed = _Replay(text, premises, goal_assumption, entails, time.monotonic() + seconds)
        return True, replayed.run()
    except _Refused as error:
        return False, str(error)
    except InputError as error:
        return False, f"the derivation cannot be read: {error}"


def _has_sorts(formula: Formula) -> bool:
    bound = (v for s in walk(formula) if isinstance(s, Forall | Exists) for v in s.vars)
    return any(term.sort != INDIVIDUAL for term in (*bound, *terms(formula)))


class _Replay:
    def __init__(
        self,
        text: str,
        premises: Sequence[Formula],
        goal_assumption: Formula | None,
        entails: Entails,
        deadline: float,
    ) -> None:
        self.deadline = deadline
        self.steps = read(text)
        self.entails = entails
        given = [*premises] if goal_assumption is None else [*premises, goal_assumption]
        if any(map(_has_sorts, given)):
            raise _Refused("the given formulas have sorts, which no derivation here has")
        renamed = read_symbols(text)
        before = symbols(given)
        if len({(k, renamed.get((k, n, a), n), a) for k, n, a in before}) < len(before):
            raise _Refused("the line of symbols gives one name to two symbols")
        given = [rename_symbols(formula, renamed) for formula in given]
        self.premises = given[: len(premises)]
        self.assumption = None if goal_assumption is None else given[-1]
        self.normal_premises = {normal(premise) for premise in self.premises}
        self.seen = symbols(given)
        self.known: dict[str, Formula] = {}
        # A conjecture is a formula that does not hold: only its negation does.
        self.conjectures: set[str] = set()
        self.asked = 0

    def run(self) -> str:
        for step in self.steps:
            if time.monotonic() > self.deadline:
                raise _Refused(f"time ran out at {step.name}")
            if step.name in self.known:
                raise _Refused(f"two steps are called {step.name}")
            formula = step.formula()
            self._check(step, formula)
            self.known[step.name] = formula
            self.seen |= symbols([formula])
            if formula == FALSE and step.name not in self.conjectures:
                return f"{len(self.known)} steps, {self.asked} entailments"
        raise _Refused("the derivation does not end in $false")

    def _check(self, step: Step, formula: Formula) -> None:
        if step.leaf is not None:
            self._leaf(step, formula)
        elif step.source is None:
            raise _Refused(f"{step.name} does not say where it comes from")
        elif step.source.name == "introduced":
            self._introduced(step, formula)
        else:
            self._inferred(step, formula, _parents(step))

    def _leaf(self, step: Step, formula: Formula) -> None:
        claim: Formula = formula
        source: list[Formula | None]
        if step.role == "conjecture":
            self.conjectures.add(step.name)
            claim = Not(formula)
            source = [self.assumption]
        elif step.role == "negated_conjecture":
            source = [self.assumption]
        elif normal(formula) in self.normal_premises:
            return
        else:
            source = [*self.premises]
        known = [f for f in source if f is not None]
        if any(normal(claim) == normal(f) for f in known):
            return
        # The same formula in another form is still given if it follows from one that is.
        if not any(self._follows([f], claim) for f in self._candidates(known, claim)):
            raise _Refused(f"{step.name} is not among the given formulas")

    def _candidates(self, known: list[Formula], claim: Formula) -> list[Formula]:
        used = symbols([claim])
        return [f for f in known if used <= symbols([f])][:20]

    def _introduced(self, step: Step, formula: Formula) -> None:
        new = symbols([formula]) - self.seen
        if len(new) == 1:
            (symbol,) = new
            if defines(formula, symbol):
                return
            choice = is_choice(formula, symbol)
            if choice is not None and self._follows([], choice):
                return
        if not new and self._follows([], formula):
            return
        raise _Refused(f"{step.name} introduces what is neither a definition nor a choice")

    def _inferred(self, step: Step, formula: Formula, parents: _Parents) -> None:
        given = []
        for name, negated in parents.names:
            if name not in self.known:
                raise _Refused(f"{step.name} comes from {name}, which is not an earlier step")
            if negated != (name in self.conjectures):
                raise _Refused(f"{step.name} uses {name} as if it were given, or negates it")
            given.append(Not(self.known[name]) if negated else self.known[name])
        new = symbols([formula]) - self.seen
        if not new:
            if normal(formula) in map(normal, given) or resolves(given, formula):
                return
            if self._follows(given, formula):
                return
            raise _Refused(f"{step.name} was not shown to follow from its parents")
        if not parents.equisatisfiable:
            raise _Refused(f"{step.name} has new symbols but is said to follow")
        taken = {name for _, name, _ in self.seen}
        for form in skolem_forms(conjunction(tuple(given)), new, taken):
            if normal(form) == normal(formula) or self._follows([form], formula):
                return
        raise _Refused(f"{step.name} was not recognised as a Skolemisation of its parents")

    def _follows(self, parents: Sequence[Formula], conclusion: Formula) -> bool:
        self.asked += 1
        return self.entails(parents, conclusion)


def _parents(step: Step) -> _Parents:
    """The earlier steps that a step's nested inferences start from."""
    assert step.source is not None
    names: list[tuple[str, bool]] = []
    weak = False
    stack = [(step.source, False)]
    while stack:
        source, negated = stack.pop()
        if source.name == "theory":
            continue
        if source.name != "inference":
            if source.args:
                raise _Refused(f"{step.name} comes from {source.name}(...), which is not known")
            names.append((source.name, negated))
            continue
        if len(source.args) != 3 or source.args[2].name != "[]":
            raise _Refused(f"{step.name} has an inference without a list of parents")
        rule, info, parents = source.args
        status = _status(rule.name, info)
        if status == "cth":
            if negated or len(parents.args) != 1 or parents.args[0].args:
                raise _Refused(f"{step.name} negates what is not one conjecture")
            negated = True
        elif status == "esa":
            weak = True
        elif status != "thm":
            raise _Refused(f"{step.name} has the status {status}, which cannot be checked")
        stack.extend((parent, negated) for parent in reversed(parents.args))
    return _Parents(tuple(dict.fromkeys(names)), weak)


def _status(rule: str, info: Source) -> str:
    """E gives every inference a status; Vampire gives it where it is not ``thm``, or not."""
    for item in info.args:
        if item.name == "status" and item.args:
            return item.args[0].name
    if rule in ("negated_conjecture", "assume_negation"):
        return "cth"
    return "esa" if rule in ("skolemisation", "skolemize", "cnf_transformation") else "thm"
