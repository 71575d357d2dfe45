"""One attempt at a problem of each kind: its outcome, whether it is solved, and what is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest

from neurosym.runs.batch.base import Attempt, Configuration, Task
from neurosym.runs.batch.work import Worker
from neurosym.runs.items import (
    Answers,
    Dialect,
    Item,
    Kind,
    Origin,
    Payload,
    Puzzle,
    Question,
    Recorded,
    Statement,
    Unread,
    bad_item,
)
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.programs import assignments, games
from neurosym.runs.programs.encoding import Encoder
from neurosym.runs.readers.records import TRUE_FALSE_UNKNOWN, YES_NO
from neurosym.verify.records import record_of
from provers.base import Problem
from provers.logic.formats import parse, spell
from provers.recheck import recheck
from provers.records import read_result

HERE = Origin("problems.jsonl", 1, "test")
CONFIGURATION = Configuration(prover="z3")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker(CONFIGURATION)
    made.prepare()
    yield made
    made.close()


def item(payload: Payload, kind: Kind = "prove", **more: Any) -> Item:
    return Item("one", kind, payload, HERE, **more)


def fol(*premises: str, goal: str | None = None, notation: str = "nltk") -> ProblemRecord:
    data = {"premises": list(premises), "goal": goal, "notation": notation}
    return ProblemRecord.model_validate(data)


def verify(
    *steps: str, premises: str = "", answers: Answers = TRUE_FALSE_UNKNOWN
) -> dict[str, Any]:
    """What ``item`` takes for one text and the steps that are to follow from it."""
    data: dict[str, Any] = {"steps": list(steps), "premises": [premises] if premises else []}
    return {"payload": record_of(data), "kind": "verify", "answers": answers}


SCRIPT = Answers((("inconsistent", "unsat"), ("satisfiable", "sat")))
SZS = Answers((("proved", "Theorem"), ("independent", "CounterSatisfiable")))
RULE = "all x. (Dog(x) -> Animal(x))"
TEXT = "Every cat is a feline. Tom is a cat."


@dataclass(frozen=True)
class Case:
    """An item, and what is to come of it."""

    name: str
    item: Item
    outcome: str
    reason: str = ""
    solved: bool = False
    answer: str | None = None
    prover: str = "z3"
    says: str = ""


CASES = [
    # --- formal problems ---
    Case("proved", item(fol(RULE, "Dog(Rex)", goal="Animal(Rex)")), "proved", solved=True),
    Case("refuted", item(fol(RULE, "Dog(Rex)", goal="-Animal(Rex)")), "refuted", solved=True),
    Case("no goal", item(fol("P(A)")), "satisfiable", solved=True),
    Case("contradiction", item(fol("P(A)", "-P(A)", goal="Q")), "inconsistent", solved=True),
    Case("garbage", item(fol("P(A", goal="P(A)")), "ill_formed", prover="", says="premise 1"),
    Case(
        "gold is met",
        item(fol(RULE, goal="Dog(Rex)"), gold="Unknown", answers=TRUE_FALSE_UNKNOWN),
        "independent",
        solved=True,
        answer="Unknown",
    ),
    Case(
        "gold is missed",
        item(fol(RULE, goal="Dog(Rex)"), gold="True", answers=TRUE_FALSE_UNKNOWN),
        "independent",
        answer="Unknown",
    ),
    Case(
        "smtlib",
        item(
            ProblemRecord(language="smtlib", problem="(assert false)(check-sat)"),
            gold="unsat",
            answers=SCRIPT,
        ),
        "inconsistent",
        solved=True,
        answer="unsat",
    ),
    Case(
        "smtlib without a known status",
        item(ProblemRecord(language="smtlib", problem="(check-sat)"), answers=SCRIPT),
        "satisfiable",
        solved=True,
        answer="sat",
    ),
    Case(
        "smtlib that does not parse",
        item(ProblemRecord(language="smtlib", problem="(assert")),
        "ill_formed",
        says="",
    ),
    Case(
        "tptp",
        item(
            ProblemRecord(language="tptp", problem="fof(a, axiom, p). fof(g, conjecture, p)."),
            gold="Theorem",
            answers=SZS,
        ),
        "proved",
        solved=True,
        answer="Theorem",
    ),
    Case(
        "tptp that does not parse",
        item(ProblemRecord(language="tptp", problem="fof(a, axiom")),
        "ill_formed",
        prover="",
        says="line 1",
    ),
    # --- reasoning ---
    Case(
        "true",
        item(**verify("Tom is a feline.", premises=TEXT), gold="True"),
        "proved",
        solved=True,
        answer="True",
    ),
    Case(
        "false",
        item(**verify("Tom is not a feline.", premises=TEXT), gold="False"),
        "refuted",
        solved=True,
        answer="False",
    ),
    Case(
        "unknown",
        item(**verify("Tom is hungry.", premises=TEXT), gold="True"),
        "independent",
        answer="Unknown",
    ),
    Case(
        "yes or no",
        item(**verify("Tom is hungry.", premises=TEXT, answers=YES_NO), gold="no"),
        "independent",
        solved=True,
        answer="no",
    ),
    Case(
        "the set's world decides",
        item(
            **verify(
                "Tom is not hungry.",
                premises=TEXT,
                answers=replace(TRUE_FALSE_UNKNOWN, world="closed"),
            ),
            gold="True",
        ),
        "proved",
        solved=True,
        answer="True",
    ),
    Case(
        "untranslated, whatever formulas the set has",
        item(
            **verify("Nobody quite grasps what it is to grasp.", premises=TEXT),
            gold="True",
            formal=fol("P(A)", goal="P(A)"),
        ),
        "untranslated",
        prover="",
    ),
    Case(
        "an answer that follows",
        item(
            record_of({"question": "2 and 3?", "steps": ["2 + 3 = 5"], "answer": "5"}),
            "verify",
            gold="5",
        ),
        "proved",
        solved=True,
        answer="5",
    ),
    Case(
        "an answer that does not follow",
        item(
            record_of({"question": "2 and 3?", "steps": ["2 + 3 = 5"], "answer": "6"}),
            "verify",
            gold="6",
        ),
        "unknown",
        "answer",
    ),
    Case(
        "a labelled error is found",
        item(
            record_of({"steps": ["1 + 1 = 2", "2 + 2 = 5"]}),
            "verify",
            gold="wrong",
            error_steps=(2,),
        ),
        "refuted",
        solved=True,
        answer="wrong",
    ),
    Case(
        "another than the labelled step is refuted",
        item(
            record_of({"steps": ["1 + 1 = 3", "2 + 2 = 4"]}),
            "verify",
            gold="wrong",
            error_steps=(2,),
        ),
        "refuted",
        answer="wrong",
    ),
    Case(
        "no error is labelled, and none found",
        item(record_of({"steps": ["1 + 1 = 2"]}), "verify", gold="right", error_steps=()),
        "proved",
        solved=True,
        answer="right",
    ),
    Case(
        "no error is found where one is labelled",
        item(record_of({"steps": ["1 + 1 = 2"]}), "verify", gold="wrong", error_steps=(1,)),
        "proved",
        answer="right",
    ),
    # --- questions and texts ---
    Case(
        "a contradictory question",
        item(
            Question("A triangle has sides 1, 2 and 10. What is its area?"),
            "verify",
            gold="flawed",
            answers=Answers((("passed", "valid"), ("flawed", "flawed"))),
        ),
        "inconsistent",
        "conditions",
        solved=True,
        answer="flawed",
    ),
    Case(
        "a question that asks nothing",
        item(Question("The number is greater than 5."), "verify", gold="flawed"),
        "ill_formed",
        "goal",
        prover="",
    ),
    Case(
        "a text without a model",
        item(Statement("There are infinitely many primes."), "translate"),
        "untranslated",
        "no_model",
        prover="",
        says="--model",
    ),
    # --- what cannot be read ---
    Case(
        "a bad record",
        bad_item("one", HERE, "the line is not JSON.", "verify"),
        "ill_formed",
        prover="",
        says="the line is not JSON.",
    ),
    Case(
        "too many steps",
        item(record_of({"solution": "1 = 1.\n" * 6000}), "verify"),
        "ill_formed",
        prover="",
        says="steps are too many",
    ),
    Case(
        "nested too deeply",
        item(fol("-" * 6_000 + "P(A)", goal="P(A)")),
        "ill_formed",
        prover="",
        says="nests deeper",
    ),
    Case(
        "too long",
        item(fol("P(A) & " * 10_000 + "P(A)", goal="P(A)")),
        "ill_formed",
        prover="",
        says="split it",
    ),
    Case(
        "a text of a million characters that says nothing",
        item(record_of({"steps": ["∀" * 900_000]}), "verify"),
        "untranslated",
        prover="",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_attempt(case: Case, worker: Worker) -> None:
    made = worker.attempt(Task(3, case.item))
    found = (made.outcome, made.reason, made.solved, made.answer, made.prover)
    assert found == (case.outcome, case.reason, case.solved, case.answer, case.prover), made
    # Nothing here is drawn, so nothing else would be found; and no tool broke.
    assert (made.sample, made.final, made.again, made.tokens) == (0, True, False, 0)
    assert made.output["id"] == "one"
    assert case.says in json.dumps(made.output, ensure_ascii=False)
    assert 0 <= made.prover_seconds <= made.seconds


@pytest.mark.parametrize("case", [c for c in CASES if c.prover], ids=lambda case: case.name)
def test_the_provers_time_is_counted(case: Case, worker: Worker) -> None:
    assert worker.attempt(Task(3, case.item)).prover_seconds > 0


def test_the_output_is_that_of_prove(worker: Worker) -> None:
    record = fol(RULE, "Dog(Rex)", goal="Animal(Rex)")
    output = worker.attempt(Task(0, item(record))).output
    premises = tuple(parse(text, "nltk") for text in record.premises)
    problem = Problem(premises, parse("Animal(Rex)", "nltk"))
    assert recheck(problem, read_result(output)).how == "certificate"


# --- puzzles -------------------------------------------------------------------------------

ORDER = """Domain:
1: first
3: last
Variables:
red [IN] [1, 2, 3]
blue [IN] [1, 2, 3]
green [IN] [1, 2, 3]
Constraints:
red == 1 ::: Red is first.
blue > green ::: Blue is behind green.
AllDifferentConstraint([red, blue, green]) ::: All are apart.
Query:
A) blue == 3 ::: Blue is last.
B) green == 3 ::: Green is last.
"""
RULES = """Predicates:
Cat($x, bool) ::: Is x a cat?
Feline($x, bool) ::: Is x a feline?
Facts:
Cat(Tom, True) ::: Tom is a cat.
Rules:
Cat($x, True) >>> Feline($x, True) ::: Cats are felines.
Query:
Feline(Tom, {}) ::: {}
"""
FORMULAS = """Premises:
∀x (Cat(x) → Feline(x)) ::: Every cat is a feline.
Cat(tom) ::: Tom is a cat.
Conclusion:
{} ::: {}
"""
SITTING = """# Declarations
children = EnumSort([Ann, Bob])
seats = EnumSort([1, 2])
seat = Function([children] -> [seats])
# Constraints
seat(Ann) != seat(Bob) ::: They sit apart.
seat(Ann) == 1 ::: Ann sits first.
# Options
Question ::: Which one of the following must be true?
is_valid(seat(Bob) == 2) ::: (A)
is_valid(seat(Bob) == 1) ::: (B)
"""
LETTERS = Answers((("A", "A"), ("B", "B")), ("A) x", "B) y"))
JUDGED = Answers((("proved", "A"), ("refuted", "B"), ("independent", "C")))
TWO = Answers((("proved", "A"), ("refuted", "B")))


def puzzle(
    program: str | None,
    dialect: Dialect,
    answers: Answers,
    gold: str = "A",
    question: str = "Is the following true? Tom is a feline.",
) -> Item:
    asked = Puzzle("Some text.", question, ("A) x", "B) y"), program, dialect)
    return Item("one", "puzzle", asked, HERE, gold, answers=answers)


def rules(value: str = "True", text: str = "Tom is a feline.", answers: Answers = JUDGED) -> Item:
    return puzzle(RULES.format(value, text), "rules", answers, question="")


PUZZLES = [
    ("an order", puzzle(ORDER, "constraints", LETTERS), "proved", "", "A"),
    ("another gold", puzzle(ORDER, "constraints", LETTERS, "B"), "proved", "", "A"),
    ("a game", puzzle(SITTING, "z3", LETTERS), "proved", "", "A"),
    (
        "no option",
        puzzle(ORDER.replace("red == 1 ::: Red is first.\n", ""), "constraints", LETTERS),
        "independent",
        "no_option",
        None,
    ),
    (
        "several options",
        puzzle(
            ORDER.replace("green == 3 ::: Green is last", "red == 1 ::: Red is first"),
            "constraints",
            LETTERS,
        ),
        "unknown",
        "several_options",
        None,
    ),
    (
        "a contradiction",
        puzzle(ORDER.replace("blue > green", "blue > green + 1"), "constraints", LETTERS),
        "inconsistent",
        "contradictory",
        None,
    ),
    ("rules", rules(), "proved", "", "A"),
    ("rules that refute", rules("False", "Tom is not a feline."), "refuted", "", "B"),
    (
        "rules that are silent",
        puzzle(RULES.format("True", "x").replace("Cat(Tom", "Cat(Ann"), "rules", JUDGED, "C", ""),
        "independent",
        "",
        "C",
    ),
    (
        "rules that may not be silent",
        puzzle(RULES.format("True", "x").replace("Cat(Tom", "Cat(Ann"), "rules", TWO, "A", ""),
        "independent",
        "no_option",
        None,
    ),
    (
        "rules that derive both",
        puzzle(
            RULES.format("True", "x").replace("Rules:", "Feline(Tom, False) ::: y\nRules:"),
            "rules",
            JUDGED,
            question="",
        ),
        "unknown",
        "contradictory",
        None,
    ),
    (
        "formulas",
        puzzle(FORMULAS.format("Feline(tom)", "Tom is a feline."), "formulas", JUDGED),
        "proved",
        "",
        "A",
    ),
    (
        "formulas that contradict each other",
        puzzle(
            FORMULAS.format("Feline(tom)", "Tom is a feline.").replace(
                "Conclusion", "¬Cat(tom) ::: Tom is no cat.\nConclusion"
            ),
            "formulas",
            JUDGED,
        ),
        "inconsistent",
        "contradictory",
        None,
    ),
    (
        "a program that does not parse",
        puzzle("no program at all", "constraints", LETTERS),
        "ill_formed",
        "syntax",
        None,
    ),
    (
        "a name that nothing declares",
        puzzle(ORDER.replace("blue > green", "blue > mauve"), "constraints", LETTERS),
        "ill_formed",
        "unknown_symbol",
        None,
    ),
    ("no program", puzzle(None, "rules", JUDGED), "untranslated", "no_program", None),
    ("no dialect", puzzle("x = 1", "", LETTERS), "unknown", "unsupported", None),
    (
        "a program beyond every limit",
        puzzle("Domain:\n" * 100_000, "constraints", LETTERS),
        "unknown",
        "too_large",
        None,
    ),
]


@pytest.mark.parametrize(
    ("asked", "outcome", "reason", "answer"), [p[1:] for p in PUZZLES], ids=[p[0] for p in PUZZLES]
)
def test_a_puzzle(
    asked: Item, outcome: str, reason: str, answer: str | None, worker: Worker
) -> None:
    made = worker.attempt(Task(0, asked))
    assert (made.outcome, made.reason, made.answer) == (outcome, reason, answer), made.output
    assert made.solved == (answer == asked.gold)
    assert (made.final, made.again) == (True, False)
    json.dumps(made.output)


def problems(asked: Item, output: dict[str, Any]) -> list[Problem]:
    """What each piece of evidence is about: as written, where a notation has a reader here."""
    assert isinstance(asked.payload, Puzzle) and asked.payload.program is not None
    if asked.payload.dialect in ("constraints", "z3"):
        read = assignments.read if asked.payload.dialect == "constraints" else games.read
        problem, options, _ = read(asked.payload.program)
        encoder = Encoder(problem)
        goals = [encoder.formula(option.ask.claims[0]) for option in options]
        premises = encoder.encoded().premises
        (stated,) = output["problems"]
        _, texts = spell([*premises, *goals])
        assert stated["premises"] == texts[: len(premises)]
        if output["outcome"] == "inconsistent":
            return [Problem(premises)]
        assert [one["goal"] for one in output["evidence"]] == texts[len(premises) :]
        return [Problem(premises, goal) for goal in goals]
    found = []
    for evidence in output["evidence"]:
        stated = output["problems"][evidence["problem"]]
        premises = tuple(parse(text, stated["notation"]) for text in stated["premises"])
        goal, negation = (
            parse(text, stated["notation"]) if text is not None else None
            for text in (evidence["goal"], evidence.get("negation"))
        )
        found.append(Problem(premises, goal, negation))
    return found


DECIDED = [
    p for p in PUZZLES if p[2] in ("proved", "refuted", "inconsistent") or p[3] == "no_option"
]


@pytest.mark.parametrize(
    ("asked", "answer"), [(p[1], p[4]) for p in DECIDED], ids=[p[0] for p in DECIDED]
)
def test_a_puzzles_evidence_holds_by_what_is_written(
    asked: Item, answer: str | None, worker: Worker
) -> None:
    output = worker.attempt(Task(0, asked)).output
    for problem, evidence in zip(problems(asked, output), output["evidence"], strict=True):
        again = recheck(problem, read_result(evidence))
        assert again.ok, again
    if answer is not None:
        assert [option["label"] for option in output["options"] if option["holds"]] == [answer]
        assert all(option["claims"] for option in output["options"])


def test_slips_of_meaning_are_mended_where_that_is_wanted() -> None:
    asked = rules("False")
    for mend, outcome in ((True, "proved"), (False, "refuted")):
        worker = Worker(Configuration(prover="z3", mend=mend))
        try:
            made = worker.attempt(Task(0, asked))
        finally:
            worker.close()
        assert made.outcome == outcome
        assert [one["kind"] for one in made.output["mended"]] == (["sign"] if mend else [])


def test_a_judgement_without_a_program_language_is_verified_by_its_text(worker: Worker) -> None:
    asked = Puzzle(
        TEXT,
        "Is the following statement true, false, or unknown? Tom is a feline.",
        ("A) True", "B) False", "C) Unknown"),
    )
    made = worker.attempt(Task(0, Item("one", "puzzle", asked, HERE, "A", answers=JUDGED)))
    assert (made.outcome, made.answer, made.solved) == ("proved", "A", True)


# --- recorded samples ----------------------------------------------------------------------


def recorded(*samples: Any, **more: Any) -> Item:
    return item(Recorded(samples), **({"answers": TRUE_FALSE_UNKNOWN} | more))


def attempts(worker: Worker, asked: Item, count: int) -> list[Attempt]:
    return [worker.attempt(Task(0, asked, sample)) for sample in range(count)]


def test_an_attempt_takes_the_sample_of_its_number(worker: Worker) -> None:
    asked = recorded(
        fol(RULE, "Dog(Rex)", goal="Animal(Rex)"),
        fol(RULE, goal="Dog(Rex)"),
        Unread("the text has no line that begins with FOL:."),
        fol("P(A)", goal="))(("),
        gold="True",
    )
    made = attempts(worker, asked, 5)
    assert [(one.outcome, one.reason, one.answer, one.solved) for one in made] == [
        ("proved", "", "True", True),
        ("independent", "", "Unknown", False),
        ("ill_formed", "", None, False),
        ("ill_formed", "", None, False),
        ("untranslated", "not_recorded", None, False),
    ]
    assert [one.final for one in made] == [False] * 4 + [True]
    assert [one.sample for one in made] == list(range(5))


def test_what_a_model_wrote_is_mended_with_every_change_shown(worker: Worker) -> None:
    # The name of one thing in two spellings, and a bracket that is missing.
    sample = fol("all x. (Dog(x) -> Animal(x)", "Dog(Rex)", goal="Animal(Rex)")
    (made,) = attempts(worker, recorded(sample, gold="True"), 1)
    assert (made.outcome, made.solved) == ("proved", True)
    assert made.output["repairs"]
    formal = made.output["formal"]
    premises = tuple(parse(text, formal["notation"]) for text in formal["premises"])
    problem = Problem(premises, parse(formal["goal"], formal["notation"]))
    assert recheck(problem, read_result(made.output)).ok
    unmended = Worker(Configuration(prover="z3", mend=False))
    try:
        assert unmended.attempt(Task(0, recorded(sample))).outcome == "ill_formed"
    finally:
        unmended.close()


def test_nothing_is_independent_of_a_premise_that_was_dropped(worker: Worker) -> None:
    sample = fol("Dog(Rex)", "))((", goal="Animal(Rex)")
    (made,) = attempts(worker, recorded(sample, gold="Unknown"), 1)
    assert (made.outcome, made.reason, made.answer) == ("unknown", "incomplete", None)
    assert not made.solved
    assert made.output["dropped"][0]["premise"] == 2
    assert any("in doubt" in message["text"] for message in made.output["messages"])


def test_recorded_reasoning_and_programs(worker: Worker) -> None:
    right, wrong = (record_of({"steps": [f"2 + 2 = {n}"], "answer": "4"}) for n in (4, 5))
    made = attempts(worker, recorded(right, wrong, kind="verify", gold="4", answers=Answers()), 2)
    assert [(one.outcome, one.solved, one.final) for one in made] == [
        ("proved", True, False),
        ("refuted", False, False),
    ]
    asked = rules()
    assert isinstance(asked.payload, Puzzle)
    none = replace(asked.payload, program=None)
    several = replace(asked, payload=Recorded((none, asked.payload)))
    assert [one.outcome for one in attempts(worker, several, 2)] == ["untranslated", "proved"]


# --- the same again ------------------------------------------------------------------------


def timeless(value: Any) -> Any:
    """A written attempt without times."""
    if isinstance(value, dict):
        if value.get("kind") == "attempts":
            return [tried[:2] for tried in value["tried"]]
        return {k: timeless(v) for k, v in value.items() if k not in ("seconds", "prover_seconds")}
    return [timeless(one) for one in value] if isinstance(value, list | tuple) else value


def test_an_attempt_does_not_depend_on_those_before_it() -> None:
    tasks = [Task(n, case.item) for n, case in enumerate(CASES) if case.name != "too many steps"]
    tasks += [Task(100 + n, asked[1]) for n, asked in enumerate(PUZZLES)]
    found = []
    for order in (tasks, tasks[::-1], tasks[1::2]):
        worker = Worker(CONFIGURATION)
        made = {t.position: worker.attempt(t) for t in order}
        found.append({p: timeless(asdict(one) | {"body": one.output}) for p, one in made.items()})
        worker.close()
    assert found[0] == found[1]
    assert all(found[0][position] == made for position, made in found[2].items())
