"""One vocabulary for a problem: reused, extended, and merged only with a prover's leave."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from neurosym.llm.base import Completions, Request
from neurosym.translate.synonyms import propose
from neurosym.translate.vocabulary import Vocabulary, same
from provers.base import Limits, Problem, Result
from provers.logic import signature
from provers.logic.formats import parse, write
from provers.logic.signature import Symbol
from provers.logic.syntax import INDIVIDUAL
from provers.z3 import Z3Prover
from tests.neurosym.translate.scripted import Scripted


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def formulas(*texts: str) -> tuple:
    return tuple(parse(text, "unicode") for text in texts)


def unary(name: str) -> Symbol:
    return Symbol("predicate", name, (INDIVIDUAL,), None)


def test_names_keep_their_arity() -> None:
    words = Vocabulary()
    words.declare(formulas("see(bob, the_cat)"))
    assert words.predicates["see"] == {2} and words.constants == ("bob", "the_cat")
    assert words.conflict(parse("see(bob)", "unicode")) == "see takes 2 argument(s) here, not 1"
    assert words.conflict(parse("cold(bob)", "unicode")) == ""


def test_spellings_of_one_name_are_merged(z3: Z3Prover) -> None:
    words = Vocabulary()

    def prove(problem: Problem) -> Result:
        return z3.prove(problem, Limits(5))

    found = words.merge(formulas("IsStudent(bob)", "∀x (Student(x) → cold(x))"), prove)
    assert len({s.name for s in signature.infer(found).predicates}) == 2
    assert [merge.accepted for merge in words.merges] == [True]
    assert write(words.canonical(parse("Student(bob)", "unicode")), "unicode") == write(
        words.canonical(parse("IsStudent(bob)", "unicode")), "unicode"
    )


def test_names_that_the_problem_tells_apart_stay_two(z3: Z3Prover) -> None:
    words = Vocabulary()

    def prove(problem: Problem) -> Result:
        return z3.prove(problem, Limits(5))

    given = formulas("cold(bob)", "¬chilly(bob)")
    assert words.merge(given, prove, [same(unary("chilly"), "cold", "a test")]) == given
    (merge,) = words.merges
    assert not merge.accepted and "inconsistent" in merge.why
    assert words.synonyms == {}


def test_a_merge_reaches_later_formulas_and_is_known_as_a_synonym(z3: Z3Prover) -> None:
    words = Vocabulary()

    def prove(problem: Problem) -> Result:
        return z3.prove(problem, Limits(5))

    proposal = same(unary("low_in_heat"), "cold", "a test")
    words.merge(formulas("cold(bob)"), prove, [proposal])
    assert words.canonical(parse("low_in_heat(bob)", "unicode")) == parse("cold(bob)", "unicode")
    assert words.synonyms == {"cold": frozenset({"low in heat"})}


def test_a_model_proposes_only_what_it_says_both_ways() -> None:
    names = [unary(name) for name in ("cold", "chilly", "wumpus")]
    agreed = Scripted(["chilly", "cold", "cold", "yes", "yes", "no", "yes"])
    (proposal,) = propose(agreed, names)
    assert proposal.names == ("chilly", "cold")
    one_way = Scripted(["chilly", "cold", "cold", "yes", "no", "no", "no"])
    assert propose(one_way, names) == []


def test_a_hesitant_yes_is_none() -> None:
    class Hesitant(Scripted):
        def complete(self, request: Request) -> Completions:
            answer = super().complete(request)
            samples = tuple(dataclasses.replace(s, logprob=-0.6) for s in answer.samples)
            return dataclasses.replace(answer, samples=samples)

    model = Hesitant(["chilly", "cold", "yes", "yes"])
    assert propose(model, [unary("cold"), unary("chilly")]) == []


def test_a_model_is_asked_only_along_the_list() -> None:
    model = Scripted(["warm", "cold", "no", "no"])
    propose(model, [unary("cold"), unary("warm")])
    assert [request.grammar for request in model.asked] == [
        'root ::= ("warm")\n',
        'root ::= ("cold")\n',
        'root ::= "yes" | "no"\n',
        'root ::= "yes" | "no"\n',
    ]
    assert propose(Scripted([]), [unary("cold")]) == []
