"""What is in a benchmark is found, told and taken out."""

from __future__ import annotations

import pytest

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.export.contamination import Benchmark, Hit, decontaminate
from neurosym.translate import english
from provers.base import Problem
from provers.errors import InputError
from tests.neurosym.augment.made import example, mutant

STORY = (
    "Zoë has 12 apples and gives 5 of them to her brother Tom, who eats two of those on the way "
    "home. How many apples are left?"
)


def told(id: str, text: str, *, context: str = "", seed: str = "") -> Example:
    (formula,) = english.translate(text).formulas
    return example(
        id=id,
        lineage=Lineage(seed or id),
        premises=(),
        claim=Statement(text, formula),
        context=context,
    )


def formula(text: str) -> Problem:
    return told("x", text).problem


def said(text: str) -> Example:
    """An example with no other text."""
    return example(premises=(), claim=Statement("", CLEAN.claim.formula), context=text)


CLEAN = told("clean", "Ann is a pilot.", context="Where is she? " * 20)


def hits(benchmark: Benchmark, *examples: Example, words: int = 13) -> tuple[Hit, ...]:
    found = decontaminate(examples, [], [benchmark], words=words)
    (overlap,) = found.overlaps
    left = {one.id for one in found.examples}
    assert left.isdisjoint(overlap.removed)
    assert left | set(overlap.removed) == {one.id for one in examples}
    return overlap.found


def test_thirteen_words_in_a_row() -> None:
    benchmark = Benchmark("gsm8k", [STORY])
    words = [
        "HAS",
        "12",
        "apples;",
        "and",
        "gives",
        "5",
        "of",
        "them",
        "-",
        "to",
        "her",
        "brother",
        "Tom",
        "who",
    ]
    thirteen = told("in", "Ann is big.", context=f"Then she {' '.join(words)}, later, left.")
    twelve = told("out", "Tom is big.", context=f"Then she {' '.join(words[1:])}, later, left.")
    (hit,) = hits(benchmark, CLEAN, thirteen, twelve)
    assert (hit.id, hit.how) == ("in", "words")
    assert hit.what == "has 12 apples and gives 5 of them to her brother tom who"
    assert [one.id for one in hits(benchmark, thirteen, twelve, words=12)] == ["in", "out"]
    assert hits(benchmark, thirteen, twelve, words=14) == ()


def test_the_first_and_the_last_words_count() -> None:
    words = STORY.split(" ")
    for part in (words[:13], words[-13:]):
        assert hits(Benchmark("gsm8k", [STORY]), said(" ".join(part)))
        assert hits(Benchmark("part", [" ".join(part)]), said(STORY))


def test_a_run_over_several_statements() -> None:
    parts = tuple(Statement(text, CLEAN.claim.formula) for text in STORY.split(","))
    assert hits(Benchmark("gsm8k", [STORY]), example(premises=parts))


def test_short_texts_are_compared_whole() -> None:
    benchmark = Benchmark("short", ["Rex is  BIG!", "?", ""])
    assert hits(benchmark, told("in", "Rex is big."), told("out", "Rex is a big dog.")) == (
        Hit("in", "text", "rex is big"),
    )
    premise = Statement("Rex is big.", CLEAN.claim.formula)
    assert hits(benchmark, example(premises=(premise,)))
    assert hits(Benchmark("signs", ["2 + 3 = 5"]), example(context="2 - 3 = 5")) == ()
    assert hits(Benchmark("signs", ["2 + 3 = 5"]), example(context="2 + 3 = 5"))


def test_letters_of_any_kind() -> None:
    text = "Ｚｏë ℌat " + " ".join(["größer", "∀", "日本語"] * 8)
    benchmark = Benchmark("letters", [text])
    assert hits(benchmark, example(context=f"und {text.upper()} so"))
    assert hits(benchmark, example(context="größer " * 30)) == ()


def test_formulas_and_problems() -> None:
    claims = Benchmark("claims", formulas=[told("x", "Every dog is big.").claim.formula])
    same = told("in", "All dogs are big.")
    assert hits(claims, same, told("out", "Every cat is big.")) == (Hit("in", "formula"),)
    problems = Benchmark("problems", problems=[formula("Every dog is big.")])
    found = hits(problems, same, told("renamed", "Every cat is small."), told("out", "Rex is big."))
    assert found == (Hit("in", "problem"), Hit("renamed", "problem"))


def test_lean_statements() -> None:
    given = [mutant("in", "∀ {a b : Nat}, a ≤ b →\n  a ≤ b + 1"), mutant("out", seed="other")]
    benchmark = Benchmark("minif2f", statements=["∀ {n m : Nat}, n ≤ m → n ≤ m + 1"])
    found = decontaminate([], given, [benchmark])
    assert [one.name for one in found.mutants] == ["out"]
    assert [(hit.id, hit.how) for hit in found.overlaps[0].found] == [("in", "statement")]


def test_kin_of_what_is_found_goes_too() -> None:
    benchmarks = [
        Benchmark("first", ["Rex is big."]),
        Benchmark("second", ["Tom is small.", "Ann is kind."]),
    ]
    given = [
        told("a1", "Rex is big.", seed="a"),
        told("a2", "Rex is a dog.", seed="a"),
        told("b1", "Tom is small.", seed="b"),
        told("c1", "Tom is a dog.", seed="c"),
    ]
    found = decontaminate(given, [mutant("m", seed="a")], benchmarks)
    assert [one.id for one in found.examples] == ["c1"]
    assert found.mutants == ()
    first, second = found.overlaps
    assert (first.benchmark, first.compared, first.removed) == ("first", 1, ("a1", "a2", "m"))
    assert [hit.id for hit in first.found] == ["a1"]
    assert (second.benchmark, second.compared, second.removed) == ("second", 2, ("b1",))


def test_without_benchmarks_nothing_goes() -> None:
    assert decontaminate([CLEAN], [], []).examples == (CLEAN,)


@pytest.mark.parametrize(
    ("benchmarks", "words", "said"),
    [
        ([Benchmark("empty")], 13, "nothing to compare"),
        ([Benchmark("a", ["x"]), Benchmark("a", ["y"])], 13, "two benchmarks are called 'a'"),
        ([Benchmark("a", ["x"])], 0, "0 words"),
    ],
)
def test_benchmarks_that_are_none(benchmarks: list[Benchmark], words: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        decontaminate([CLEAN], [], benchmarks, words=words)


def test_very_long_texts() -> None:
    long = "the dog sees the cat and runs " * 50_000
    assert hits(Benchmark("long", [long]), example(context=long))
    assert hits(Benchmark("long", [long]), CLEAN) == ()
