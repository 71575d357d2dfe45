"""What a statement has in front of its goal, as far as a search for its proof needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from provers.lean.goals import DAGGER, Hypothesis, parse_goals, writable

# What Mathlib and NeuroSym.Compat write, and Lean prints, for types of core Lean.
_NOTATION = str.maketrans({"ℕ": "Nat", "ℤ": "Int", "ℚ": "Rat"})


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in front of the goal; ``introduced`` counts those that the goal quantified."""

    hypotheses: tuple[Hypothesis, ...]
    goal: str
    introduced: int = 0

    @property
    def text(self) -> str:
        """Hypotheses and goal, a line for each; empty where there is no goal."""
        if not self.goal:
            return ""
        return "\n".join([*(f"{h.name} : {h.type}" for h in self.hypotheses), f"⊢ {self.goal}"])

    @property
    def fresh_names(self) -> tuple[str, ...]:
        """Names to introduce the quantified ones by, unlike each other and all others."""
        taken = {h.name for h in self.hypotheses}
        names: list[str] = []
        for hypothesis in self.hypotheses[len(self.hypotheses) - self.introduced :]:
            base = writable(hypothesis.name)
            name, number = base, 1
            while name in taken or name in names:
                number += 1
                name = f"{base}{number}"
            names.append(name)
        return tuple(names)

    @property
    def named(self) -> tuple[Hypothesis, ...]:
        """The hypotheses after ``intro`` of the fresh names."""
        own = len(self.hypotheses) - self.introduced
        renamed = (
            Hypothesis(name, h.type)
            for name, h in zip(self.fresh_names, self.hypotheses[own:], strict=True)
        )
        return (*self.hypotheses[:own], *renamed)


def read_context(before: str, after: str) -> Context:
    """The context that two printed states tell: without and with the quantified ones.

    In the types of hypotheses ``ℕ``, ``ℤ`` and ``ℚ`` are ``Nat``, ``Int`` and ``Rat``.

    Raises ValueError for text that is no state.
    """
    given, found = parse_goals(before)[0], parse_goals(after)[0]
    hypotheses = tuple(Hypothesis(h.name, _plain(h.type)) for h in found.hypotheses)
    goal = " ".join(found.conclusion.split())
    return Context(hypotheses, goal, max(0, len(hypotheses) - len(given.hypotheses)))


def _plain(type_: str) -> str:
    """A type on one line, its number types by their own names where notation is printed."""
    return " ".join(type_.split()).translate(_NOTATION)


def is_instance(hypothesis: Hypothesis) -> bool:
    """Whether it is a type class instance without a name."""
    return hypothesis.name.startswith("inst") and DAGGER in hypothesis.name


def is_accessible(hypothesis: Hypothesis) -> bool:
    """Whether a tactic can mention it by name."""
    return DAGGER not in hypothesis.name
