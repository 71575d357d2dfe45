"""Rule programs, as Logic-LM writes them for PrOntoQA and ProofWriter.

Facts ``Cold(Bob, True)``, rules ``Rough($x, True) && Cold($x, True) >>> Red($x, False)``, a query.
The rules are read forwards (``neurosym.verify.forward``), as Pyke ran them and as both data sets'
labels were made: ``Cold(x, False)`` is an atom of its own that only facts and rules give, and no
rule is used backwards. ProofWriter's world is open: what is not derived, neither as true nor as
false, is unknown, its third option. PrOntoQA has no such option: its statements all follow or
contradict, so a program that derives neither has lost something, and is answered ``no_option``.
With ``closed`` it is answered as Logic-LM does: what is not derived is false, whichever its sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from neurosym.runs.programs.base import Mended, Option, ProgramError, Reply, Standing, choose
from neurosym.runs.programs.options import Prove
from neurosym.runs.programs.sections import MARK, Line, sections
from neurosym.verify import forward
from provers.base import Outcome, Problem, Result
from provers.logic.syntax import (
    Apply,
    Formula,
    Implies,
    Not,
    Pred,
    Term,
    Var,
    closure,
    conjunction,
    negate,
)

SECTIONS: Final = ("Predicates", "Facts", "Rules", "Query")
MOST_ARGUMENTS: Final = 8
_ATOM: Final = re.compile(r"\s*([^\s(),&$]+)\s*\(([^()]*)\)\s*")
_NOT: Final = re.compile(r"\s*(?:Not\s*\((.*)\)|[¬!~]\s*(.*))\s*", re.DOTALL)
_LONE: Final = re.compile(r"[xyzXYZ]")
_NAME: Final = re.compile(r"[\w'’.-]+(?: [\w'’.-]+)*")
_NEGATION: Final = re.compile(r"\b(?:not|never|no|cannot)\b|n['’]t\b", re.IGNORECASE)


def read(
    program: str, statement: str = "", meaning: bool = True
) -> tuple[Problem, tuple[Mended, ...]]:
    """The program as facts and rules that are read forwards.

    ``statement`` is the sentence that the query stands for, where the program does not say it.
    ``meaning``: a query whose sign is not that of its sentence is turned round.

    Raises:
        ProgramError: the program is none of this form, or over a limit.
    """
    reader = _Reader()
    found = sections(program, SECTIONS, optional=("Predicates", "Rules"))
    reader.declare(found["Predicates"])
    premises = []
    for section in ("Facts", "Rules"):
        for line in found[section]:
            premises.append(reader.statement(line.code, rule=section == "Rules"))
    if len(found["Query"]) != 1:
        raise ProgramError("syntax", f"the program has {len(found['Query'])} queries")
    query = found["Query"][0]
    goal = reader.statement(query.code, rule=False)
    sentence = query.text or statement
    negated = len(_NEGATION.findall(sentence)) % 2 == 1
    if meaning and sentence and isinstance(goal, Pred | Not) and negated != isinstance(goal, Not):
        reader.say("sign", f"the query says the contrary of {sentence[:80]!r}")
        goal = negate(goal)
    try:
        problem = forward.problem(premises, goal)
    except ValueError as error:
        raise ProgramError("unsupported", str(error)) from error
    return problem, tuple(reader.said)


def solve(
    program: str,
    prove: Prove,
    *,
    statement: str = "",
    unknown: bool = True,
    closed: bool = False,
    meaning: bool = True,
) -> Reply:
    """A, where the query is derived, B, where its contrary is, C where neither and ``unknown``.

    Raises:
        ProgramError: as ``read``.
    """
    problem, mended = read(program, statement, meaning)
    result = prove(problem)
    return judged(result, mended, unknown, closed)


def judged(result: Result, mended: Sequence[Mended], unknown: bool, closed: bool = False) -> Reply:
    """The result as options A (true), B (false) and, where there is one, C (unknown)."""
    standings: dict[Outcome, Standing] = {
        Outcome.PROVED: "entailed",
        Outcome.REFUTED: "impossible",
        Outcome.INDEPENDENT: "possible",
    }
    standing = standings.get(result.outcome, "unknown")
    evidence = (("query", standing, result),)
    if result.outcome is Outcome.INCONSISTENT or _both(result):
        message = "the program says that something is true and that it is false"
        return Reply("", "contradictory", message, mended=tuple(mended))
    if standing == "unknown":
        options = [Option(label, None, evidence) for label in "AB"]
    else:
        holds = {
            "A": standing == "entailed",
            "B": standing == "impossible" or (closed and standing == "possible"),
        }
        if unknown:
            holds["C"] = standing == "possible"
        options = [Option(label, one, evidence) for label, one in holds.items()]
    return choose(options, mended)


def _both(result: Result) -> bool:
    """Read forwards, a statement and its contrary can both be derived."""
    words = " ".join(message.text for message in result.messages)
    return result.outcome is Outcome.UNKNOWN and "both follow" in words


class _Reader:
    def __init__(self) -> None:
        self.said: list[Mended] = []
        self.bare: set[tuple[str, int]] = set()

    def say(self, kind: str, message: str) -> None:
        said = Mended(kind, message)
        if said not in self.said:
            self.said.append(said)

    def declare(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if declared := _ATOM.fullmatch(line.code):
                args = declared[2].split(",")
                self.bare.add((declared[1], len(args) - (args[-1].strip() == "bool")))

    def statement(self, code: str, rule: bool) -> Formula:
        body, arrow, head = code.partition(">>>")
        if not arrow:
            return closure(self._conjunction(code, False))
        if not rule:
            self.say("rule_among_facts", "a rule stands among the facts")
        return closure(Implies(self._conjunction(body, True), self._conjunction(head, True)))

    def _conjunction(self, text: str, rule: bool) -> Formula:
        return conjunction(tuple(self._literal(part, rule) for part in text.split("&&")))

    def _literal(self, text: str, rule: bool, depth: int = 0) -> Formula:
        match = _NOT.fullmatch(text)
        if match is not None and depth < 4:
            self.say("negation", "a negation is written around an atom")
            return negate(self._literal(match[1] or match[2], rule, depth + 1))
        match = _ATOM.fullmatch(text)
        if match is None:
            raise ProgramError("syntax", f"{text.strip()[:60]!r} is no atom")
        args = [arg.strip() for arg in match[2].split(",")]
        if len(args) > MOST_ARGUMENTS:
            raise ProgramError("too_large", f"{match[1]} has more than {MOST_ARGUMENTS} arguments")
        if args[-1] not in ("True", "False") and (match[1], len(args)) in self.bare:
            self.say("truth_value", "an atom without a truth value is true")
            args.append("True")
        *names, value = args
        if value not in ("True", "False"):
            raise ProgramError("syntax", f"{text.strip()[:60]!r} has no truth value")
        atom = Pred(match[1], tuple(self._term(name, rule) for name in names))
        return atom if value == "True" else Not(atom)

    def _term(self, name: str, rule: bool) -> Term:
        if name.startswith("$") and name[1:].isidentifier():
            return Var(name[1:])
        if rule and _LONE.fullmatch(name):
            self.say("variable", f"{name} in a rule is a variable")
            return Var(name.lower())
        if not _NAME.fullmatch(name):
            raise ProgramError("syntax", f"{name[:40]!r} is no name")
        return Apply(name.lower())


def statement_of(question: str) -> str:
    """The statement that a question of these sets ends with, after its question mark."""
    return question.rpartition("?")[2].replace(MARK, " ").strip()
