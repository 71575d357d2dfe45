"""The negation of a Lean statement, and whether Lean agrees that it is one.

The negation is built as text. That proves nothing: Lean must also derive ``False`` from it and
the statement that was asked, both elaborated in one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from provers.base import LeanProblem, Limits, Message, Outcome, Result
from provers.lean.base import Checker
from provers.lean.binders import Statement, read_statement, tokens
from provers.lean.judge import PROVER, judge
from provers.lean.source import split_header

_UNIVERSE = re.compile(r"\b(Type|Sort)(?:\s+(?:[uvw][₀-₉\d_]*|_)(?!\w)|\*)")
_CLOSES = {"(": ")", "{": "}", "[": "]", "⦃": "⦄"}


@dataclass(frozen=True, slots=True)
class Negation:
    """The negated statement as a theorem without a proof, and Lean code that must pass if it is.

    ``name`` is the negated theorem's.
    """

    name: str
    text: str
    test: str

    def proved_by(self, proof: str) -> str:
        """A file that proves it by a term."""
        return f"{self.text}\n  := {proof}\n"


def negations(statement: str) -> tuple[Negation, ...]:
    """Ways to state the negation, the plainest first; none where the text cannot be read."""
    read = read_statement(statement)
    if read is None:
        return ()
    plain = read.negation()
    propositions = [plain, _lowest(plain)]
    shared = _variables(read.preamble)
    if shared:
        all_binders = f"{shared} {read.binders}".strip()
        propositions.append(_lowest(replace(read, binders=all_binders).negation()))
    return tuple(_negation(read, proposition) for proposition in dict.fromkeys(propositions))


def _lowest(proposition: str) -> str:
    """The proposition at the lowest universe levels: what fails there fails as it stands."""
    return _UNIVERSE.sub(lambda m: "Type" if m[1] == "Type" else "Prop", proposition)


def _negation(read: Statement, proposition: str) -> Negation:
    name = read.fresh("refutation")
    universes = read.universes if _mentions(proposition, read.universes) else ""
    head = f"{read.preamble}{read.scope}theorem {name}{universes} : {proposition}"
    original = read.declare(read.fresh("statement"), "sorry")
    levels = ["", ".{0}", ".{0, 0}"]
    if read.universes:
        levels = [".{" + ", ".join("0" for _ in read.universes.split(",")) + "}"]
    stated = read.beside(read.fresh("statement"))
    ways = [
        f"exact {name}{universes and level} {way}"
        for level in levels
        for way in (f"@{stated}{level}", f"(by intros; apply {stated}{level} <;> assumption)")
    ]
    contradiction = f"theorem {read.fresh('contradiction')} : False := by\n  first\n" + "\n".join(
        f"  | {way}" for way in ways
    )
    return Negation(name, head, f"{head}\n  := sorry\n{original}\n{contradiction}\n")


def contradicts(checker: Checker, negation: Negation, limits: Limits) -> bool:
    """Whether Lean derives ``False`` from the negation and the statement."""
    source = split_header(negation.test)
    reply = checker.ask(source.header, {"op": "check", "code": source.body}, limits)
    return reply.body is not None and reply.body["errors"] is False


def judge_negation(checker: Checker, statement: str, code: str, limits: Limits) -> Result:
    """Whether ``code`` proves the negation of a statement: ``refuted``, with a LeanProof, if so.

    All ways to state the negation count. Raises what ``judge`` raises.
    """
    found = None
    for negation in negations(statement):
        if contradicts(checker, negation, limits):
            found = judge(checker, LeanProblem(code, negation.text), limits, claim="negation")
            if found.outcome is Outcome.REFUTED:
                return found
    if found is not None:
        return found
    message = Message("it is not the negation of the statement", "error")
    return Result(
        Outcome.UNKNOWN,
        PROVER,
        0.0,
        reason="incomplete",
        flags=("statement_changed",),
        messages=(message,),
    )


def _mentions(text: str, universes: str) -> bool:
    names = universes.strip(".{} ").replace(",", " ").split()
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) for name in names)


def _variables(preamble: str) -> str:
    """The binders of all ``variable`` commands, one after another."""
    found = list(tokens(preamble))
    binders = []
    at = 0
    while at < len(found):
        here = found[at]
        at += 1
        if here.text != "variable" or here.depth:
            continue
        while at < len(found) and found[at].text in _CLOSES and found[at].depth == 0:
            first = last = at
            while last < len(found) - 1:
                last += 1
                if found[last].depth == 0 and found[last].text == _CLOSES[found[first].text]:
                    break
            binders.append(preamble[found[first].start : found[last].end])
            at = last + 1
    return " ".join(binders)
