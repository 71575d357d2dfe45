"""Filling the gaps of a project: a proof for each ``sorry``, or why there is none.

Tactics are tried where the ``sorry`` stands, so nothing before it is elaborated again. What closes
a goal there is a candidate and no more: it counts once the whole file was elaborated with it, from
nothing, and what it states is what it stated before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from neurosym.project import splice
from neurosym.project.attempt import Attempt, Select, Suggest
from neurosym.project.scan import Hole
from neurosym.project.terms import Terms
from provers.base import LeanProof, Limits, Outcome
from provers.lean.base import ALLOWED_AXIOMS, Checker, LeanVersion
from provers.lean.build import Built, Module
from provers.lean.judge import judge_module
from provers.lean.workbench import Declared, Report, StoppedError

Verdict: TypeAlias = Literal["proved", "refuted", "unknown"]
_REFUTE_SHARE: Final = 0.4  # of a hole's time, if all else failed


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a hole.

    ``proof`` takes the place of the ``sorry`` where it is ``proved``. ``reason`` is
    ``timeout``, ``incomplete`` or ``unjudged`` (a program runs there) where it is ``unknown``;
    ``counterexample`` and ``evidence`` are there where it is ``refuted``. ``tried`` tells stages,
    how many tactics, and seconds.
    """

    hole: Hole
    verdict: Verdict
    seconds: float
    proof: str = ""
    reason: str = ""
    counterexample: str = ""
    evidence: LeanProof | None = None
    tried: tuple[tuple[str, int, float], ...] = ()


class Filler:
    """Works on one file of a project after the other; not thread-safe.

    ``limits`` are for each hole. ``checker`` judges refutations; without one there are none.
    """

    def __init__(
        self,
        built: Built,
        limits: Limits = Limits(30.0),
        *,
        select: Select | None = None,
        checker: Checker | None = None,
        suggest: Suggest | None = None,
    ) -> None:
        self._built = built
        self._limits = limits
        self._select = select
        self._checker = checker
        self._suggest = suggest
        self._bench = built.bench()
        reports = (module.report for module in built.modules.values())
        self._terms = Terms(one for report in reports if report for one in report.declared)
        self._version = LeanVersion(built.toolchain.version, built.toolchain.kind)

    def close(self) -> None:
        """Stop its Lean."""
        self._bench.close()

    def fill(self, module: Module, text: str, holes: Sequence[Hole]) -> tuple[str, list[Filled]]:
        """The new text of a file that holds ``text``, and what came of each hole in it.

        In the new text stand only proofs with which the whole file was elaborated again. Raises
        InputError where the file changed meanwhile, and BrokenToolError.
        """
        if self._is_unjudged(module):
            return text, [Filled(hole, "unknown", 0.0, reason="unjudged") for hole in holes]
        found = [self._hole(module, text, hole) for hole in holes]
        good = [one for one in found if one.verdict == "proved"]
        accepted = self._accept(module, text, good)
        done = [
            one
            if one.verdict != "proved" or one in accepted
            else Filled(
                one.hole,
                "unknown",
                one.seconds,
                reason="incomplete",
                tried=(*one.tried, ("the whole file with it", 1, 0.0)),
            )
            for one in found
        ]
        return _spliced(text, accepted), done

    def _is_unjudged(self, module: Module) -> bool:
        """Whether a program runs in it or in what it imports, so that nothing there is judged."""
        own = module.report is not None and not module.report.trusted
        return own or bool(self._built.distrusted(module.name))

    # --- acceptance ------------------------------------------------------------------------

    def _accept(self, module: Module, text: str, found: Sequence[Filled]) -> list[Filled]:
        """Those proofs with which the file is as good as before and has so many gaps less."""
        if not found or self._is_good(module, text, found):
            return list(found)
        accepted: list[Filled] = []
        for one in found:
            if self._is_good(module, text, [*accepted, one]):
                accepted.append(one)
        return accepted

    def _is_good(self, module: Module, text: str, found: Sequence[Filled]) -> bool:
        before = module.report
        assert before is not None
        try:
            after = self._built.examine(self._bench, module.name, _spliced(text, found))
        except StoppedError:
            return False
        if len(after.gaps) != len(before.gaps) - len(found):
            return False
        return self._is_sound(before, after, {one.hole.declaration for one in found})

    def _is_sound(self, before: Report, after: Report, touched: set[str | None]) -> bool:
        """Whether nothing is stated otherwise, nothing is worse, and what is new is judged good."""
        if after.refused != before.refused or _errors(after) - _errors(before):
            return False
        old = {one.name: one for one in before.declared}
        new = {one.name: one for one in after.declared}
        for name, one in old.items():
            now = new.get(name)
            if now is None or now.statement != one.statement or now.rejected:
                return False
            if set(now.axioms) - set(one.axioms) - ALLOWED_AXIOMS:
                return False
        left = {gap.start for gap in after.gaps}
        for now, result in judge_module("", after, self._version):
            if now.name not in touched or result.outcome is Outcome.PROVED:
                continue
            # It may have other gaps, and rest on what it rested on; on nothing unproved besides.
            one = old[now.name]
            if not any(_is_in(place, now.place, after) for place in left) and (
                "rests_on_sorry" not in result.flags
                or not _unproved(now, after) <= _unproved(one, before)
            ):
                return False
        return True

    # --- one hole --------------------------------------------------------------------------

    def _hole(self, module: Module, text: str, hole: Hole) -> Filled:
        start = time.monotonic()
        seconds = self._limits.seconds
        attempt: Attempt | None = None

        def done(verdict: Verdict, **more: Any) -> Filled:
            tried = () if attempt is None else tuple(attempt.tried)
            return Filled(hole, verdict, time.monotonic() - start, tried=tried, **more)

        try:
            attempt = Attempt(self._bench, self._built, module, text, hole, seconds)
            proof = attempt.proof(self._select, self._suggest)
            if proof is not None:
                return done("proved", proof=proof)
            if self._checker is not None:
                share = _REFUTE_SHARE * seconds
                found = attempt.refuted(self._checker, self._terms, self._limits, share)
                if found is not None:
                    return done("refuted", counterexample=found[0], evidence=found[1])
            return done("unknown", reason="timeout" if attempt.left <= 0 else "incomplete")
        except StoppedError as error:
            return done("unknown", reason=error.cause or "incomplete")


def _spliced(text: str, found: Sequence[Filled]) -> str:
    """The text with all these proofs, the last one first, so that places stay right."""
    for one in sorted(found, key=lambda one: one.hole.gap.start, reverse=True):
        text = splice.put(text, one.hole.gap, one.proof)
    return text


def _errors(report: Report) -> set[str]:
    return {message.text for message in report.messages if message.severity == "error"}


def _unproved(one: Declared, report: Report) -> set[str]:
    """What a proof names that is not proved, in its own module or at its own place."""
    open_ = {other.name for other in report.declared if "sorryAx" in other.axioms}
    return open_.intersection(one.proof or ()) - {one.name}


def _is_in(place: tuple[int, int], start: tuple[int, int] | None, report: Report) -> bool:
    if start is None or place < start:
        return False
    after = report.next_after(start)
    return after is None or place < after
