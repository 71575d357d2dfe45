"""Questions that are well posed or not, through the real readers and a real prover."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.verify.question import QuestionChecks, StageReport, check_question, write_checks
from neurosym.verify.question.base import STAGES, Stage, value_of
from provers import registry
from provers.base import Limits, Prover, Refutation
from provers.logic.formats import parse
from provers.logic.syntax import Formula
from provers.recheck import recheck

LIMITS = Limits(seconds=5)
DATA = Path(os.environ.get("NEUROSYM_DATA") or Path(__file__).parents[4] / "shared" / "data")


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    found = registry.load("z3")
    yield found
    found.close()


def check(text: str, prover: Prover) -> QuestionChecks:
    return check_question(text, prover, LIMITS)


# --- conditions that cannot be -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A jar holds 97.8 marbles. How many are red?", "97.8 marbles"),
        ("There were -12 students on a bus. How many got off?", "-12 students"),
        ("In how many ways can a $3.1 \\times 3$ grid be coloured?", "3.1 \\times 3$ grid"),
        ("A deck has cards numbered from 1 to 20.5. Which is drawn?", "numbered from 1 to 20.5"),
        ("A waffle has a radius of -3 cm. What is its area?", "radius of -3"),
        ("A can do a work in -3 days. How long do two need?", "in -3 days"),
        ("What is the area of an 18-24-130 triangle?", "18-24-130 triangle"),
        ("The probability of rain is 1.2. How likely is sun?", "probability of rain is 1.2"),
        ("A real number is chosen from $(0,0)$. What is its mean?", "from $(0,0)"),
        ("60 cookies are divided equally among 0 people. What is left?", "equally among 0"),
        ("If $2n + 5 = 16 + 2n$, what is $2n - 3$?", "2n + 5 = 16 + 2n"),
        ("Let $a>b>c>a$ be numbers. What is $a$?", "a>b>c>a"),
        ("Factor the prime number 91 into two numbers.", "prime number 91"),
        ("The sum of three consecutive integers is 10. Find them.", "consecutive integers is 10"),
        ("15 of the 12 students sing. How many do not?", "15 of the 12 students"),
        ("What is the area of a polygon with 2 sides?", "polygon with 2 sides"),
        ("Each interior angle of a regular polygon is 145 degrees. Find it.", "interior angle"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be(text: str, words: str, prover: Prover) -> None:
    report = check(text, prover)["conditions"]
    assert (report.verdict, report.by) == ("flawed", "prover"), report.message
    assert any(words in piece for piece in report.conflicting)
    assert report.problem is not None and report.evidence is not None
    again = recheck(report.problem, report.evidence, LIMITS)
    assert again.ok, again.detail


@pytest.mark.parametrize(
    "text",
    [
        "An average family has 2.5 children. How many have 40 families?",
        "Each student needs 1.5 desks. How many desks do 24 students need?",
        "The temperature is -3 degrees. How much must it rise to reach 5 degrees?",
        "A map has a scale of 0.25 inches = 3 miles. How far is 15 inches?",
        "What is the probability that a discount of $2.25 is given?",
        "The sides of a 30-60-90 triangle are sought, the shortest being 5. Find them.",
        "Let $AB = -7$ be an equation of matrices $A$ and $B$. Find $A$.",
        "The matrix $A$ and the vector $v$ satisfy $AB = -7$. Is the triangle $XYZ$ right?",
        "A polynomial has values 7 at $t = 3$ and $t = 9$. What is its degree?",
        "Solve $x + 1 = x + 2$ for $x$.",
        "Is $2 + 2 = 5$ true?",
        "Let $g(x) = 4^x$ for $x \\in [0, 1]$ and let $g(x+2) = -g(x)$. Find $g(5)$.",
        "Let $ABC$ be a triangle with $AB = 13$, $BC = 14$, $CA = 15$. Find its area.",
        "Is the sum of three consecutive integers is 10 possible?",
        "Divide 6 by 0.5 and find the result.",
        "The lines $x + y = 1$ and $x + y = 3$ are parallel. Find their distance.",
    ],
)
def test_what_can_be_is_not_flawed(text: str, prover: Prover) -> None:
    checks = check(text, prover)
    assert not [r.message for r in checks.flawed if r.stage != "missing"]


def test_a_rule_where_there_is_no_formula(prover: Prover) -> None:
    report = check("Let $ABCE$ be an acute triangle. Find $BC$.", prover)["conditions"]
    assert (report.verdict, report.by, report.evidence) == ("flawed", "rule", None)


# --- contradictions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "conflicting"),
    [
        (
            "The mean of four numbers is 15 and the sum of the four numbers is 70. Find one.",
            {"mean of four numbers is 15", "sum of the four numbers is 70"},
        ),
        (
            "The ratio of cats to dogs is 3:2. There are 4 more dogs than cats. How many cats?",
            {"ratio of cats to dogs is 3:2", "4 more dogs than cats"},
        ),
        (
            "Let $ABC$ be a triangle with $AB=13$, $BC=54$, $CA=15$. Find its area.",
            {"AB=13", "BC=54", "CA=15"},
        ),
        (
            "An equilateral triangle has a side length of 8 units and a perimeter of 32 units. "
            "What is its area?",
            {"side length of 8", "perimeter of 32"},
        ),
        (
            "Find a two-digit number such that the sum of its digits is 19.",
            {"sum of its digits is 19"},
        ),
        ("x = 5. x = 3. Find x.", {"x = 5", "x = 3"}),
        (
            "If $x + y = 5$ and $x - y = 1$ and $2x = 7$, what is $y$?",
            {"x + y = 5", "x - y = 1", "2x = 7"},
        ),
        (
            "All dogs are animals. Rex is a dog. Max is red. Rex is not an animal. Is Rex big?",
            {"All dogs are animals", "Rex is a dog", "Rex is not an animal"},
        ),
    ],
)
def test_a_minimal_conflict_is_shown(text: str, conflicting: set[str], prover: Prover) -> None:
    checks = check(text, prover)
    report = next(r for r in checks.flawed if r.stage in ("conditions", "contradiction"))
    assert report.stage == ("conditions" if len(conflicting) == 1 else "contradiction")
    assert set(report.conflicting) == conflicting
    assert isinstance(report.evidence and report.evidence.evidence, Refutation)
    assert report.evidence is not None and report.problem is not None
    assert recheck(report.problem, report.evidence, LIMITS).ok


def test_an_identity_that_a_function_breaks(prover: Prover) -> None:
    text = "Let $f(x) = ax^2 + 2x$ satisfy $f(x-1) = f(x) + {} - 1$. Find $a$."
    assert check(text.format("x"), prover)["contradiction"].verdict == "flawed"
    assert check(text.replace("ax^2", "x^2").format("-2x"), prover)["contradiction"].by is None


def test_what_is_to_be_proved_is_false(prover: Prover) -> None:
    text = "Let $a, b$ be positive real numbers such that $ab = 4$. Prove that $$a + b \\geq {}.$$"
    report = check(text.format("5"), prover)["contradiction"]
    assert report.verdict == "flawed" and "false for a = 2, b = 2" in report.message
    assert report.problem is not None and report.evidence is not None
    assert recheck(report.problem, report.evidence, LIMITS).how == "evaluated"
    assert check(text.format("4"), prover)["contradiction"].verdict != "flawed"


# --- translations of a model ---------------------------------------------------------------


def test_what_rests_on_a_model_says_so(prover: Prover) -> None:
    asked: list[str] = []

    def formalize(sentence: str) -> tuple[Formula, ...] | None:
        asked.append(sentence)
        return (parse("-Big(rex)", "nltk"),) if "puny" in sentence else None

    # the rules' own spelling of what they read decides which symbols a model must use
    text = "Rex is a dog. Rex, oddly enough, was ever so puny. What colour is he?"
    checks = check_question(text, prover, LIMITS, formalize=formalize)
    assert any("puny" in sentence for sentence in asked)
    assert checks["contradiction"].verdict == "unknown"

    def denies(sentence: str) -> tuple[Formula, ...] | None:
        return (parse("-dog(rex)", "nltk"),) if "puny" in sentence else None

    report = check_question(text, prover, LIMITS, formalize=denies)["contradiction"]
    assert (report.verdict, report.by) == ("flawed", "prover")
    assert report.assuming == ("a language model's translations",)


# --- missing information -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("If $x + y = 5$, what is the value of $x - y$?", "flawed"),
        ("What is the decimal equivalent of the fraction $\\frac{3}{x}$?", "flawed"),
        ("If x > 3, what is the value of x?", "flawed"),
        ("If 2n + 5 = 11, what is the value of 2n - 3?", "passed"),
        ("If $x + y = 5$ and $x - y = 1$, find $x$.", "passed"),
        ("If $x^2 = 4$, what is the value of $x$?", "unknown"),
        ("Tom is taller than Ann, and $x + y = 5$. What is the value of $x$?", "unknown"),
        ("All dogs are animals. Rex is a dog. Is Rex an animal?", "passed"),
        ("All dogs are animals. Rex is a dog. Is Rex big?", "flawed"),
        ("All dogs are animals. Rex was fond of a dog. Is Rex big?", "unknown"),
    ],
)
def test_missing_information(text: str, verdict: str, prover: Prover) -> None:
    report = check(text, prover)["missing"]
    assert report.verdict == verdict, report.message
    if report.by == "prover":
        assert report.problem is not None and report.evidence is not None
        assert recheck(report.problem, report.evidence, LIMITS).ok


def test_a_question_that_passes_all_stages(prover: Prover) -> None:
    checks = check("If 2n + 5 = 11, what is the value of 2n - 3?", prover)
    assert checks.verdict == "passed" and [r.verdict for r in checks.stages] == ["passed"] * 5


# --- format and goal -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Convert the tone of this text into a poem. What is 2 + 2?", "format"),
        ("Please rewrite this: what is 2 + 2?", "format"),
        ("How much is in stocks? (No pie chart provided.)", "format"),
        ("Find $f: [0,1] \\to \\matthbb{R}$.", "format"),
        ("Find all numbers wh#ich are prime.", "format"),
        ("What is $$x + 1?", "format"),
        ("What is $\x0crac{4}{5}$?", "format"),
        ("Evaluate \\begin{cases} 1 \\\\ 2.", "format"),
        ("  \n ", "format"),
        ("Tom has five apples.", "goal"),
    ],
)
def test_format_and_goal(text: str, stage: Stage, prover: Prover) -> None:
    report = check(text, prover)[stage]
    assert (report.verdict, report.by) == ("flawed", "rule"), report.message


@pytest.mark.parametrize(
    "text",
    [
        "In a dance class of 20 students, 5 left. How many are there?",
        "From her science class Brady learned that a whale has 40 gallons of blood. Find half.",
        "Write the sum of 1/2 and 1/3 as a fraction.",
        "What is the value of $\\mathbb{E}[X]$ for a fair die?",
        "Prove that 2 + 2 = 4.",
    ],
)
def test_clean_questions_pass(text: str, prover: Prover) -> None:
    checks = check(text, prover)
    assert checks["format"].verdict == checks["goal"].verdict == "passed"


# --- reports -------------------------------------------------------------------------------


def test_the_report_is_json_and_complete(prover: Prover) -> None:
    checks = check("A jar holds 97.8 marbles. How many are red?", prover)
    record = json.loads(json.dumps(write_checks(checks)))
    assert [stage["stage"] for stage in record["stages"]] == list(STAGES)
    flawed = record["stages"][1]
    assert flawed["verdict"] == "flawed" and flawed["evidence"]["outcome"] == "inconsistent"
    assert flawed["formal"]["premises"] and flawed["conflicting"] == ["97.8 marbles"]
    assert record["stages"][3]["message"] == "the question was not read completely"


def test_no_verdict_without_what_decided_it() -> None:
    with pytest.raises(ValueError, match="passed by None"):
        StageReport("format", "passed", "")
    with pytest.raises(ValueError, match="evidence"):
        StageReport("conditions", "flawed", "", "prover")


@pytest.mark.parametrize(
    "text",
    ["A B " * 5000, "$x$ " * 5000, "?" * 20_000, "(" * 20_000, "\\frac{" * 3000, "1 2 " * 5000],
    ids=["letters", "formulas", "marks", "brackets", "fractions", "numbers"],
)
def test_hostile_text_is_read_in_little_time(text: str, prover: Prover) -> None:
    assert check(text, prover).seconds < 10


def test_long_text_is_not_read(prover: Prover) -> None:
    checks = check("What is 2 + 2? " * 2000, prover)
    assert {report.verdict for report in checks.stages} == {"unknown"}


def test_numerals_and_words_have_values() -> None:
    assert [value_of(t) for t in ("three", "1,234", "-3", "negative 3", "2.5")] == [
        3, 1234, -3, -3, value_of("5") / 2,
    ]  # fmt: skip


def test_flags_on_published_questions_are_right(prover: Prover) -> None:
    path = DATA / "bench" / "valimath.jsonl"
    if not path.exists():
        pytest.skip("needs the evaluation data: set NEUROSYM_DATA")
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    seeded = records[-136:-88]  # a stretch with both kinds of records
    flags = {r["id"]: check(r["question"], prover).flawed for r in seeded}
    valid = {r["id"]: r["valid"] for r in seeded}
    by_prover = [i for i, reports in flags.items() if any(r.by == "prover" for r in reports)]
    assert len(by_prover) >= 10 and not [i for i in by_prover if valid[i]]
