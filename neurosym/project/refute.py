"""Counterexamples to statements that are open, with proofs that they are false."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from neurosym.project.restate import restate
from neurosym.project.terms import Terms
from provers.base import LeanProof, Limits
from provers.lean.base import ALLOWED_AXIOMS, Checker
from provers.lean.build import Module
from provers.lean.context import Context
from provers.lean.instances import instances
from provers.lean.negation import judge_negation, negations
from provers.lean.source import split_header
from provers.lean.workbench import Opened, Place, Step, StoppedError

_WHOLE: Final = re.compile(r":=\s*(?:by\s*)?\Z")
_CLOSE: Final = "first | decide | (simp [{0}]; done) | (simp_all [{0}]; done) | omega | grind [{0}]"
_CLOSE_PLAIN: Final = "first | decide | (simp; done) | omega | grind"
_MOST: Final = 160
_TOGETHER: Final = 20
_HEARTBEATS: Final = 10_000


def counterexample(
    checker: Checker,
    module: Module,
    text: str,
    start: Place,
    gap: int,
    negating: Iterator[tuple[str, str]],
    limits: Limits,
) -> tuple[str, LeanProof] | None:
    """Values for which a statement is false, and the judged proof that it is.

    ``text`` is the module's with line feeds alone, the statement begins at ``start``, and the
    index ``gap`` is that of the ``sorry`` in the place of its whole proof; None where it is not.
    ``negating`` are terms that may prove the negation, each with the values that it is about.
    """
    whole = _WHOLE.search(text[:gap])
    if whole is None:
        return None
    restated = restate(text, module.name, module.header, start, whole.start())
    if restated is None:
        return None
    same = False
    for shown, term in negating:
        if not same:
            source = split_header(restated.same)
            reply = checker.ask(source.header, {"op": "check", "code": source.body}, limits)
            if reply.body is None or reply.body["errors"]:
                return None
            same = True
        for negation in negations(restated.text):
            result = judge_negation(checker, restated.text, negation.proved_by(term), limits)
            if isinstance(result.evidence, LeanProof):
                return shown, result.evidence
    return None


def negating(
    opened: Opened,
    step: Step,
    context: Context,
    definitions: tuple[str, ...],
    terms: Terms,
    deadline: float,
    reopen: Callable[[], tuple[Opened, Step]],
) -> Iterator[tuple[str, str]]:
    """Terms that prove the negation of a step's goal where it stands, with their values.

    Raises StoppedError where Lean cannot be started again.
    """
    listed = ", ".join(definitions)
    closing = _CLOSE.format(listed) if listed else _CLOSE_PLAIN
    plain = ("by decide", f"by simp [{listed}]" if listed else "by simp", "by grind")
    named = {
        instance.refutation(closing): str(instance)
        for instance in instances(context, _MOST, terms.of)
    }
    waiting = [*((term, "") for term in plain), *named.items()]
    for first in range(0, len(waiting), _TOGETHER):
        left = deadline - time.monotonic()
        if left <= 0:
            return
        some = waiting[first : first + _TOGETHER]
        tactics = [f"exact {term}" for term, _ in some]
        try:
            results = opened.run(
                step, tactics, negated=True, heartbeats=_HEARTBEATS, seconds=max(1.0, left)
            )
        except StoppedError as error:
            if error.cause == "timeout":
                return
            opened, step = reopen()
            continue
        for (term, shown), ran in zip(some, results, strict=False):
            if ran.closed and ALLOWED_AXIOMS.issuperset(ran.axioms):
                yield shown, term
