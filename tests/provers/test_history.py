"""What a solver was asked before changes nothing in its answers, evidence included."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from provers.base import AnyProblem, Attempts, Limits, Result, ScriptProblem
from provers.problems import read_problem
from provers.z3 import Z3Prover

RULES = [
    "all x. (Student(x) -> Human(x))",
    "all x. (Studies(x) | Teaches(x))",
    "all x. (Young(x) -> -Teaches(x))",
    "-Teaches(Jerry) & -Manager(Jerry)",
    "exists x. (Guest(x) & Happy(x) & -Rich(x))",
    "all x. (Happy(x) -> exists y. Likes(x, y))",
]


def problems() -> list[AnyProblem]:
    """Ground ones, ones with functions and equality, and scripts: most have many models."""
    found: list[AnyProblem] = []
    for size in range(1, len(RULES) + 1):
        for goal in ("Young(Rose)", "Human(Jerry) | Manager(Rose)", "exists x. Rich(x)"):
            found.append(read_problem(RULES[:size], goal, "nltk"))
            with_equality = [*RULES[:size], "all x. (Manager(x) -> x = Rose | x = boss(Jerry))"]
            found.append(read_problem(with_equality, goal, "nltk"))
        asserted = "".join(f"(assert (> x{i} {size}))" for i in range(size))
        declared = "".join(f"(declare-const x{i} Int)" for i in range(size))
        bound = f"(assert (< (+ {' '.join(f'x{i}' for i in range(size))} 0) 40))"
        found.append(ScriptProblem("smtlib", f"{declared}{asserted}{bound}(check-sat)"))
    return found


def answers(asked: Iterable[AnyProblem]) -> list[Result]:
    """What one prover says to them in turn, without times."""
    prover = Z3Prover()
    try:
        return [_timeless(prover.prove(problem, Limits(20))) for problem in asked]
    finally:
        prover.close()


def _timeless(result: Result) -> Result:
    if isinstance(result.evidence, Attempts):
        tried = tuple((what, said, 0.0) for what, said, _ in result.evidence.tried)
        result = dataclasses.replace(result, evidence=Attempts(tried))
    return dataclasses.replace(result, seconds=0.0)


def test_the_order_of_problems_changes_no_answer() -> None:
    asked = problems()
    first = answers(asked)
    assert answers(asked[::-1])[::-1] == first
    assert answers(asked[1::2]) == first[1::2]
