"""Samples grouped by what a prover says they say, and their vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from neurosym.translate.clusters import cluster, cluster_problems
from neurosym.translate.votes import Ballot, elect
from provers import registry
from provers.base import Attempts, Limits, Outcome, Problem, Result
from provers.logic.formats import parse
from provers.problems import read_problem

PROVED, REFUTED, INDEPENDENT = Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT


@pytest.fixture(scope="module")
def prove() -> Iterator[Callable[[Problem], Result]]:
    prover = registry.load("z3")
    yield lambda problem: prover.prove(problem, Limits(5))
    prover.close()


def groups(texts: list[str], prove: Callable[[Problem], Result]) -> list[tuple[int, ...]]:
    formulas = [parse(text, "nltk") for text in texts]
    return [one.members for one in cluster(formulas, prove).clusters]


# --- formulas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["P(a) -> Q(a)", "-P(a) | Q(a)"], [(0, 1)]),
        (["P(a) -> Q(a)", "Q(a) -> P(a)"], [(0,), (1,)]),
        (["all x. P(x)", "-exists y. -P(y)", "exists x. P(x)"], [(0, 1), (2,)]),
        (["P(a)", "Q(a)", "P(a)"], [(0, 2), (1,)]),
        (["all x. -(P(x) & Q(x))", "-exists x. (P(x) & Q(x))"], [(0, 1)]),
        ([], []),
    ],
)
def test_formulas_are_grouped_by_equivalence(
    texts: list[str], expected: list[tuple[int, ...]], prove: Callable[[Problem], Result]
) -> None:
    assert groups(texts, prove) == expected


def test_majority_agreement_and_ties(prove: Callable[[Problem], Result]) -> None:
    texts = ["Q(a)", "P(a)", "--P(a)", "P(b)"]
    found = cluster([parse(text, "nltk") for text in texts], prove)
    assert found.majority is not None
    assert found.majority.first == parse("P(a)", "nltk")
    assert found.agreement == 0.5
    assert found.tied == ()
    tied = cluster([parse(text, "nltk") for text in ("Q(a)", "P(a)")], prove)
    assert [one.members for one in tied.tied] == [(0,), (1,)]
    nothing = cluster([], prove)
    assert nothing.majority is None and nothing.agreement == 0 and nothing.tied == ()


def test_what_the_prover_does_not_know_stays_apart_and_is_counted() -> None:
    def give_up(problem: Problem) -> Result:
        return Result(Outcome.UNKNOWN, "none", 0.0, reason="timeout", evidence=Attempts(()))

    formulas = [parse(text, "nltk") for text in ("P(a) -> Q(a)", "-P(a) | Q(a)", "P(a) -> Q(a)")]
    found = cluster(formulas, give_up)
    assert [one.members for one in found.clusters] == [(0, 2), (1,)]
    assert (found.asked, found.unknown) == (1, 1)


def test_calls_are_bounded(prove: Callable[[Problem], Result]) -> None:
    forms = ["P(a) & Q(a)", "P(a) | Q(a)", "P(a) -> Q(a)", "Q(a) -> P(a)", "P(a) <-> Q(a)"]
    found = cluster([parse(text, "nltk") for text in forms], prove, most_asked=3)
    assert found.asked == 3
    assert found.unknown == 7
    assert len(found.clusters) == 5


# --- problems ---------------------------------------------------------------------------------


def test_problems_are_grouped_up_to_names(prove: Callable[[Problem], Result]) -> None:
    problems = [
        read_problem(["all x. (Dog(x) -> Animal(x))", "Dog(Rex)"], "Animal(Rex)", "nltk"),
        read_problem(["all y. (-IsDog(y) | IsAnimal(y))", "IsDog(rex)"], "IsAnimal(rex)", "nltk"),
        read_problem(["all x. (Dog(x) -> Animal(x))", "Dog(Rex)"], "-Animal(Rex)", "nltk"),
        read_problem(["all x. (Dog(x) -> Animal(x))", "Cat(Rex)"], "Animal(Rex)", "nltk"),
    ]
    found = cluster_problems(problems, prove)
    assert [one.members for one in found.clusters] == [(0, 1), (2,), (3,)]


def test_problems_without_a_goal_or_with_a_free_one(prove: Callable[[Problem], Result]) -> None:
    free = read_problem(["P(a)"], "Q(x)", "nltk")
    closed = read_problem(["P(a)"], "all x. Q(x)", "nltk")
    bare = read_problem(["P(a)"], None, "nltk")
    found = cluster_problems([free, closed, bare, bare], prove)
    # The negations of the first two are closed in different ways.
    assert [one.members for one in found.clusters] == [(2, 3), (0,), (1,)]


# --- votes ------------------------------------------------------------------------------------


def ballots(*given: tuple[Outcome, int] | tuple[Outcome, int, bool]) -> list[Ballot]:
    return [Ballot(*one) for one in given]


def test_the_largest_cluster_decides() -> None:
    vote = elect(
        ballots((PROVED, 0), (PROVED, 0), (INDEPENDENT, 1), (INDEPENDENT, 2), (INDEPENDENT, 3))
    )
    assert vote.outcome is PROVED
    assert vote.share == 0.4
    assert vote.counts == ((INDEPENDENT, 3), (PROVED, 2))
    assert vote.tied == ()


def test_ties_go_to_more_samples_then_to_what_is_shown() -> None:
    more = elect(ballots((PROVED, 0), (INDEPENDENT, 1), (INDEPENDENT, 2)))
    assert more.outcome is INDEPENDENT and more.tied == (PROVED, INDEPENDENT)
    shown = elect(ballots((INDEPENDENT, 0), (REFUTED, 1)))
    assert shown.outcome is REFUTED and shown.tied == (INDEPENDENT, REFUTED)


def test_doubt_and_contradiction_abstain() -> None:
    vote = elect(
        ballots(
            (INDEPENDENT, 0, False),
            (INDEPENDENT, 0, False),
            (Outcome.INCONSISTENT, 1),
            (Outcome.UNKNOWN, 2),
            (PROVED, 3),
        )
    )
    assert vote.outcome is PROVED and vote.abstained == 4 and not vote.doubtful


def test_doubtful_samples_decide_where_there_is_no_other() -> None:
    vote = elect(ballots((INDEPENDENT, 0, False), (Outcome.INCONSISTENT, 1)))
    assert vote.outcome is INDEPENDENT and vote.doubtful
    nobody = elect(ballots((Outcome.INCONSISTENT, 0)))
    assert nobody.outcome is None and nobody.abstained == 1 and not nobody.doubtful
