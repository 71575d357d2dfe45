"""The benchmark's paraphrases: out of the grammar, the same problem, and drawn as promised."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import pytest

import benchmarks.paraphrase
from benchmarks.paraphrase import (
    FILES,
    adjectives,
    paraphrase,
    problems,
    templates,
    verbs,
    wordings,
)
from neurosym.translate.base import Status
from neurosym.translate.english import split_sentences, translate
from provers.logic.formats import parse, write
from provers.logic.syntax import Pred, walk

DATA = Path(os.environ.get("NEUROSYM_DATA") or Path(__file__).parents[2] / "shared" / "data")
needs_data = pytest.mark.skipif(
    not all((DATA / file).exists() for file in FILES),
    reason="needs the ProofWriter and PrOntoQA files (NEUROSYM_DATA)",
)

TEXTS = (
    "Bob is cold. Bob is not kind. The cat eats the squirrel. The cat does not like the dog. "
    "Max is a yumpus. Max is not a wumpus. If something is cold and not red then it is smart. "
    "All young, blue things are not green. Each yumpus is a dumpus. Jompuses are not shy. "
    "Numpuses are sour. All red things are rough. The cow does not see the cat. "
    "If someone sees the cat and they are not green then they see the cow. "
    "If something likes the squirrel then the squirrel is red. "
    "If something sees the cat and the cat visits the lion then it is not rough. "
    "If someone sees the cat and the lion is kind then the cat does not eat the lion. "
    "If Bob is not green and Bob is not white then Bob is furry. "
    "If the mouse eats the rabbit and the rabbit does not see the mouse then the rabbit is green."
)
PROBLEM = {
    "id": "p1",
    "context": TEXTS,
    "question": "Based on the above information, is the following statement true, false, or "
    "unknown? Bob is smart.",
    "options": ["A) True", "B) False", "C) Unknown"],
    "answer": "C",
}


@pytest.mark.parametrize("text", split_sentences(TEXTS))
def test_no_wording_is_read(text: str) -> None:
    (formula,) = translate(text).formulas
    names = {a.name for a in walk(formula) if isinstance(a, Pred)}
    count = 0
    for seed in range(5):
        for said, _ in wordings(formula, names, random.Random(seed)):
            assert translate(said).status is Status.UNTRANSLATED, said
            count += 1
    assert count >= 15


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bob is not cold.", "Bob is anything but cold."),
        ("The cat eats the squirrel.", "The squirrel gets eaten by the cat."),
        ("The cat does not eat the dog.", "There is no case of the cat eating the dog."),
        ("Max is a yumpus.", "One of the yumpuses is Max."),
        ("Each yumpus is an impus.", "Being a yumpus makes something an impus."),
        ("Jompuses are not shy.", "There is no such thing as a jompus that is shy."),
        (
            "If something is cold and it sees the cat then it eats the dog.",
            "Anything that happens to be cold and see the cat is bound to eat the dog.",
        ),
        (
            "If something is cold and not red then it is not smart.",
            "Being cold but not red rules out being smart.",
        ),
        (
            "If something sees the cat then the cat is not red.",
            "There cannot be anything that sees the cat unless the cat isn't red.",
        ),
        (
            "If Bob is cold and Dave is not red then Dave is big.",
            "It cannot be both that Bob is cold and that Dave isn't red unless Dave is big.",
        ),
        (
            "If something sees the cat and the cat is red then it is not big.",
            "As long as the cat is red, anything that sees the cat cannot possibly be big.",
        ),
    ],
)
def test_wordings_say_what_the_formula_says(text: str, said: str) -> None:
    (formula,) = translate(text).formulas
    names = {a.name for a in walk(formula) if isinstance(a, Pred)}
    drawn = {w for seed in range(400) for w, _ in wordings(formula, names, random.Random(seed))}
    assert said in drawn


def test_a_paraphrase_is_the_same_problem_in_other_words() -> None:
    new = paraphrase(PROBLEM, 1)
    assert new["answer"] == "C" and new["options"] == PROBLEM["options"]
    assert new["readable"] == 0
    originals = [s["original"] for s in new["sentences"]]
    assert Counter(originals[:-1]) == Counter(split_sentences(TEXTS))
    assert originals[:-1] != list(split_sentences(TEXTS))
    assert originals[-1] == "Bob is smart."
    said = [s["paraphrase"] for s in new["sentences"]]
    assert new["context"] == " ".join(said[:-1])
    assert list(split_sentences(new["context"])) == said[:-1]
    assert new["question"].endswith("or unknown? " + said[-1])
    for sentence in new["sentences"]:
        (formula,) = translate(sentence["original"]).formulas
        assert parse(sentence["formula"], "unicode") == formula
        assert write(formula, "unicode") == sentence["formula"]


def test_the_seed_decides() -> None:
    assert paraphrase(PROBLEM, 1) == paraphrase(PROBLEM, 1)
    assert paraphrase(PROBLEM, 1)["context"] != paraphrase(PROBLEM, 2)["context"]


def test_a_form_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a literal"):
        paraphrase({**PROBLEM, "context": "Bob is cold or red."}, 1)
    with pytest.raises(ValueError, match="not one sentence"):
        paraphrase({**PROBLEM, "context": "Whom the bell tolls for."}, 1)


def test_no_word_stands_for_two() -> None:
    """Nor is a word of the problem's own used for another."""
    text = "Bob is big. Rex is large. Bob is kind. Bob is nice. Bob is smart. The cat is little."
    problem = {**PROBLEM, "context": text, "question": "Is it so? Bob is small."}
    own = {"big", "large", "kind", "nice", "smart", "little", "small"}
    for seed in range(30):
        assert not own & paraphrase(problem, seed)["words"].keys()
    listed = [w for words in adjectives().values() for w in words]
    doubled = {w for w, count in Counter(listed).items() if count > 1}
    assert doubled <= {"big", "large", "of great size"}
    spoken = [v.infinitive for wordings in verbs().values() for v in wordings]
    assert len(set(spoken)) == len(spoken)


def test_every_template_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """None has a slot that nothing fills."""
    used: set[str] = set()
    fill = benchmarks.paraphrase._filled

    def watched(template: str, slots: dict[str, str]) -> str | None:
        filled = fill(template, slots)
        used.update({template} if filled else ())
        return filled

    monkeypatch.setattr(benchmarks.paraphrase, "_filled", watched)
    for text in split_sentences(TEXTS):
        (formula,) = translate(text).formulas
        for seed in range(20):
            list(wordings(formula, set(), random.Random(seed)))
    assert {t for name, ts in templates().items() if name != "provided" for t in ts} == used


@needs_data
def test_problems_are_balanced_and_unread() -> None:
    drawn = problems(DATA, 12, 7)
    assert len(drawn) == 24 and len({p["id"] for p in drawn}) == 24
    assert Counter(p["answer"] for p in drawn[:12]) == {"A": 4, "B": 4, "C": 4}
    assert Counter(p["answer"] for p in drawn[12:]) == {"A": 6, "B": 6}
    assert sum(p["readable"] for p in drawn) == 0
    for problem in drawn:
        json.dumps(problem)
        for sentence in problem["sentences"]:
            assert translate(sentence["paraphrase"]).status is Status.UNTRANSLATED


@needs_data
def test_more_problems_than_there_are() -> None:
    with pytest.raises(ValueError, match="not 601"):
        problems(DATA, 601, 1)
