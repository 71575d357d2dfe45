"""One gap: what is tried to fill it, where it stands, from what is cheap to what is dear."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from neurosym.project import splice, steps
from neurosym.project.refute import counterexample, negating
from neurosym.project.scan import Hole
from neurosym.project.terms import Terms
from provers.base import LeanProof, Limits
from provers.lean import candidates
from provers.lean.base import ALLOWED_AXIOMS, Checker
from provers.lean.build import Built, Module
from provers.lean.candidates import Group
from provers.lean.context import Context, read_context
from provers.lean.goals import first_goal
from provers.lean.workbench import Opened, Place, Ran, Step, StoppedError, Workbench

Select: TypeAlias = Callable[[str, Hole], Sequence[str]]
"""Names the premises that may help with the goal of a hole, the best first."""
Suggest: TypeAlias = Callable[[str], Sequence[str]]
"""Proofs that somebody, a model maybe, thinks of for a goal."""

_SORRY: Final = "Lean.Parser.Tactic.tacticSorry"
_SUGGESTION: Final = re.compile(r"Try this:\s*(?:\[\w+\]\s*)?(.+)", re.DOTALL)
_WORD: Final = re.compile(r"(?<![\w.'])[^\W\d][\w'.!?₀-₉]*")
_STEPS: Final = Group("steps", (), 3_000)
_STEPS_SECONDS: Final = 12.0
_INDUCTIVE_HINTS: Final = 8
_HINTS: Final = re.compile(r"(simp_all|simp|grind) \[([^\[\]]+)\]")


class Attempt:
    """A hole that is worked on until its time is over; ``tried`` tells stages, how many tactics,
    and seconds.
    """

    def __init__(
        self, bench: Workbench, built: Built, module: Module, text: str, hole: Hole, seconds: float
    ) -> None:
        """``text`` is the module's file. Raises StoppedError where Lean does not read it."""
        self.hole = hole
        self.tried: list[tuple[str, int, float]] = []
        self._deadline = time.monotonic() + seconds
        self._bench = bench
        self._built = built
        self._module = module
        self._text = text.replace("\r\n", "\n")
        self.opened, self.step = self.open()
        self.context = self._context()
        self.definitions, self.types = self._named()
        self.premises: Sequence[str] = self.definitions

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self._deadline - time.monotonic()

    @property
    def goal(self) -> str:
        """What is to be proved, as Lean prints it."""
        return first_goal(self.step.before)

    def open(self) -> tuple[Opened, Step]:
        """The file up to the end of the hole's declaration, and the hole in it.

        Raises StoppedError where Lean does not read it.
        """
        place, text = self.hole.gap.start, self._text
        if self.hole.gap.term:  # a tactic is tried where a tactic stands
            at = splice.offset(text, place)
            text = f"{text[:at]}by {text[at:]}"
            place = (place[0], place[1] + len("by "))
        opened = self._built.open(self._bench, self._module.name, self._until_next(text))
        found = [s for s in opened.steps() if s.start == place and s.kind == _SORRY]
        if not found:
            raise StoppedError("", "no tactic stands there")
        return opened, found[0]

    def _until_next(self, text: str) -> str:
        """The text up to where the next declaration begins."""
        report = self._module.report
        after = report.next_after(self.hole.gap.start) if report else None
        return text if after is None else text[: splice.offset(text, (after[0], 0))]

    def _reopen(self) -> None:
        """Elaborate the text again, in a Lean of its own. Raises StoppedError."""
        self.opened, self.step = self.open()

    def _context(self) -> Context:
        (after,) = self.opened.run(self.step, ["intros"], first=True)
        before = self.goal
        try:
            return read_context(before, before if after.error else first_goal(after.after))
        except (TypeError, ValueError):  # printed otherwise than goals are
            return Context((), "")

    def _named(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The project's definitions and inductive types that the goal names."""
        words = set(_WORD.findall(self.context.text))
        last = {word.rpartition(".")[2] for word in words}
        found: dict[str, dict[str, None]] = {"definition": {}, "inductive": {}}
        graph = self._built.imports
        for name in (*graph.successors(self._module.name), self._module.name):
            report = self._built.modules[name].report
            for one in report.declared if report else ():
                known = one.name in words or one.name.rpartition(".")[2] in last
                if known and one.kind in found and one.place is not None and not one.private:
                    found[one.kind][one.name] = None
        return tuple(found["definition"]), tuple(found["inductive"])

    # --- proofs ----------------------------------------------------------------------------

    def proof(self, select: Select | None, suggest: Suggest | None) -> str | None:
        """The shortest proof of the first stage that has one. Raises StoppedError."""
        selected = () if select is None else select(self.goal, self.hole)
        self.premises = tuple(dict.fromkeys((*self.definitions, *selected)))
        for group in self._groups(suggest):
            if self.left <= 0:
                return None
            closed = self._steps() if group is _STEPS else self._closing(group)
            if closed:
                return self._shortened(min(closed, key=lambda proof: (len(proof), proof)))
        return None

    def _groups(self, suggest: Suggest | None) -> Iterator[Group]:
        """The stages, the cheap ones first."""
        context, names = self.context, self.definitions
        usual = candidates.usual(context, names)
        yield candidates.quick(names)
        yield Group("automation", usual.proofs[:3], usual.heartbeats)
        yield Group("terms", tuple(f"exact {name} .." for name in self.premises), 2_000, 32)
        yield from candidates.with_premises(context, self.premises)
        yield Group("usual", usual.proofs[3:], usual.heartbeats)
        yield _STEPS
        helpful = tuple(dict.fromkeys((*names, *self.premises[:_INDUCTIVE_HINTS])))
        yield candidates.inductions(context, names, self.types)
        if helpful != names:
            yield candidates.inductions(context, helpful, self.types)
        yield candidates.unfoldings(names)
        yield candidates.case_splits(context)
        yield candidates.products(context)
        if suggest is not None:
            yield Group("model", tuple(suggest(self.goal)), 40_000)
        yield candidates.search(context)

    def _closing(self, group: Group) -> list[str]:
        """The proofs of a group that leave no goal."""
        found: list[str] = []
        begun = time.monotonic()
        many = 0
        for first in range(0, len(group.proofs), group.together):
            if self.left <= 0 or found:
                break
            proofs = group.proofs[first : first + group.together]
            many += len(proofs)
            try:
                results = self._run(proofs, group.heartbeats)
            except StoppedError as error:
                # One of them was too much for Lean, which is started again for the others.
                self.tried.append((f"{group.name}: {error.cause}", many, 0.0))
                if error.cause == "timeout":
                    raise
                self._reopen()
                continue
            for proof, ran in zip(proofs, results, strict=True):
                if _counts(ran):
                    found.append(said(proof, ran))
        self.tried.append((group.name, many, round(time.monotonic() - begun, 3)))
        return found

    def _run(self, proofs: Sequence[str], heartbeats: int) -> tuple[Ran, ...]:
        texts = [one_tactic(proof) for proof in proofs]
        seconds = max(1.0, self.left)
        return self.opened.run(self.step, texts, first=True, heartbeats=heartbeats, seconds=seconds)

    def _steps(self) -> list[str]:
        """The proof that a search tactic by tactic finds, if it does."""
        begun = time.monotonic()
        many = 0

        def run(tactics: Sequence[str]) -> Sequence[Ran]:
            nonlocal many
            many += len(tactics)
            found = self._run(tactics, _STEPS.heartbeats)
            return [
                ran if _counts(ran) else dataclasses.replace(ran, closed=False) for ran in found
            ]

        seconds = min(_STEPS_SECONDS, self.left / 2)
        try:
            found = steps.search(self.goal, run, self.premises, self.definitions, seconds=seconds)
        except StoppedError as error:
            if error.cause == "timeout":
                raise
            self._reopen()
            found = None
        self.tried.append((_STEPS.name, many, round(time.monotonic() - begun, 3)))
        return [] if found is None else [found]

    def _shortened(self, proof: str) -> str:
        """The proof with as few hints as do: each is left out that is not missed."""
        match = _HINTS.search(proof)
        if match is None:
            return proof
        hints = match[2].split(", ")

        def written(some: Sequence[str]) -> str:
            listed = f" [{', '.join(some)}]" if some else ""
            return f"{proof[: match.start()]}{match[1]}{listed}{proof[match.end() :]}"

        def closing(some: list[Sequence[str]]) -> Sequence[str] | None:
            results = self._run([written(one) for one in some], 20_000)
            return next((one for one, ran in zip(some, results, strict=True) if _counts(ran)), None)

        try:
            few = closing([(), *((hint,) for hint in hints)])
            if few is not None:
                return written(few)
            for hint in reversed(hints):
                if self.left <= 0:
                    break
                less = [one for one in hints if one != hint]
                if closing([less]) is not None:
                    hints = less
        except StoppedError:
            self._reopen()
        return written(hints)

    # --- refutations -----------------------------------------------------------------------

    def refuted(
        self, checker: Checker, terms: Terms, limits: Limits, seconds: float
    ) -> tuple[str, LeanProof] | None:
        """A counterexample and the judged proof of the negation, where all of a proof is open.

        ``limits`` are for each judgement, ``seconds`` for looking. Raises StoppedError.
        """
        place = self._begins()
        if place is None:
            return None
        begun = time.monotonic()
        found = counterexample(
            checker,
            self._module,
            self._text,
            place,
            splice.offset(self._text, self.hole.gap.start),
            negating(
                self.opened,
                self.step,
                self.context,
                self.definitions,
                terms,
                begun + max(self.left, seconds),
                self.open,
            ),
            limits,
        )
        self.tried.append(("refutation", 1, round(time.monotonic() - begun, 3)))
        return found

    def _begins(self) -> Place | None:
        """Where the theorem of the hole begins."""
        report = self._module.report
        for one in report.declared if report else ():
            if one.name == self.hole.declaration and one.kind == "theorem":
                return one.place
        return None


def _counts(ran: Ran) -> bool:
    """Whether it ends the proof, and rests on nothing that is not allowed."""
    return ran.closed and ALLOWED_AXIOMS.issuperset(ran.axioms)


def one_tactic(proof: str) -> str:
    """Several lines of tactics as one tactic."""
    lines = proof.strip("\n").split("\n")
    if len(lines) == 1 and ";" not in proof.replace("<;>", ""):
        return proof
    return "(\n" + "\n".join(f"  {line}" for line in lines) + "\n)"


def said(proof: str, ran: Ran) -> str:
    """The proof that Lean suggests in the place of one that searches, else the proof itself."""
    if "?" not in proof:
        return proof
    for text in ran.said:
        match = _SUGGESTION.match(text.strip())
        if match and "sorry" not in match[1]:
            searched = re.search(r"(?:exact|simp|simp_all|grind|rw|apply)\?", proof)
            if searched:
                return proof.replace(searched.group(), " ".join(match[1].split()))
    return proof
