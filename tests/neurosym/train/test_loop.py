"""The loop: each round is measured, and all that it made is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="training a translator needs the extra 'train'")
pytest.importorskip("xgrammar", reason="the models' loader needs the extra 'transformers'")
from neurosym.llm.base import Message
from neurosym.train import loop as looping
from neurosym.train.loop import Measured, loop, plot, with_other_words
from neurosym.train.translator.data import Pair, Task, read_pairs
from neurosym.train.translator.expert import Sampling
from neurosym.train.translator.sft import fine_tune
from neurosym.train.translator.tiny import Size, tiny
from neurosym.train.translator.training import Training
from provers.errors import InputError

SMALL = Size(hidden=64, layers=2, heads=2, vocabulary=300, context=256)
HOW = Training(epochs=12, batch=4, rate=2e-3)
SAMPLING = Sampling(rounds=2, samples=6, max_tokens=24)


def task(name: str, word: str) -> Task:
    return Task((Message("user", f"{name.title()} is {word}."),), f"{word}({name})")


def pair(name: str, word: str) -> Pair:
    return Pair(task(name, word).messages, f"{word}({name})")


NAMES, WORDS = ("ann", "tom", "rex", "ivy"), ("big", "kind", "red")
TASKS = [task(name, word) for name in NAMES for word in WORDS[:2]]
HELD_OUT = [task(name, "red") for name in NAMES]


def judge(asked: Task, text: str) -> bool:
    return text == asked.reference


def turned(given: Pair) -> list[Pair]:
    """The same of the word that is held out: what a mutation makes of it."""
    return [
        Pair((Message("user", given.messages[0].content.replace(word, "red")),), text)
        for word in WORDS[:2]
        if (text := given.completion.replace(word, "red")) != given.completion
        and given.completion.endswith("(ann)")
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows a part of it, and not well."""
    folder = tmp_path_factory.mktemp("base")
    some = [pair(name, word) for name in NAMES[:2] for word in WORDS]
    made = tiny([pair(n, w) for n in NAMES for w in WORDS], folder / "tiny", SMALL)
    return fine_tune(some, folder / "taught", made, Training(epochs=24, batch=4, rate=4e-3))


def test_every_round_is_measured_and_kept(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, told = tmp_path / "loop", list[Measured]()
    some = [pair(name, "kind") for name in NAMES]
    tasks = [one for one in TASKS if one.messages not in {p.messages for p in some}]
    held_out = HELD_OUT[1:]
    found = loop(
        tasks,
        held_out,
        judge,
        out,
        base,
        HOW,
        SAMPLING,
        pairs=some,
        grow=turned,
        tell=told.append,
    )
    assert found == told and [one.number for one in found] == [0, 1, 2]
    first, *rest = found
    assert (first.drawn, first.learnt, first.held_out) == (0, 0, 3)
    for one in rest:
        assert one.drawn == len(tasks) * SAMPLING.samples and one.accepted >= one.solved
        learnt = read_pairs(out / f"{one.number}.pairs.jsonl")
        assert len(learnt) == one.learnt >= len(some)
        assert (out / str(one.number) / "config.json").is_file()
    assert rest[0].accepted  # so that something was grown from what was kept
    learnt_texts = {one.completion for one in read_pairs(out / "2.pairs.jsonl")}
    assert {"big(ann)", "red(ann)"} <= learnt_texts  # what the model got right, and its mutant
    rows = json.loads((out / "rounds.json").read_text())
    assert [row["right"] for row in rows] == [one.right for one in found]
    assert (out / "rounds.svg").read_text().startswith("<svg")

    def never(*given: object, **named: object) -> None:
        raise AssertionError("it is there already")

    monkeypatch.setattr("neurosym.train.translator.expert.fine_tune", never)
    monkeypatch.setattr(looping, "TransformersModel", never)
    again = loop(tasks, held_out, judge, out, base, HOW, SAMPLING, pairs=some, grow=turned)
    assert again == found


def test_what_is_learnt_from_is_not_measured_on(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "loop"
    with pytest.raises(InputError, match="problem 2 of those held out"):
        loop(TASKS, [HELD_OUT[0], TASKS[0]], judge, out, base)
    with pytest.raises(InputError, match="problem 1 of those held out"):
        loop(TASKS, HELD_OUT, judge, out, base, pairs=[pair("ann", "red")])
    with pytest.raises(InputError, match="no problem is held out"):
        loop(TASKS, [], judge, out, base)
    with pytest.raises(InputError, match="no task was given"):
        loop([], HELD_OUT, judge, out, base)
    assert not out.exists()


def test_a_folder_of_something_else_is_left_alone(base: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds something else"):
        loop(TASKS, HELD_OUT, judge, tmp_path, base)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_plot_shows_what_was_measured() -> None:
    one = plot([Measured(0, 10, 1), Measured(1, 10, 4, 20, 5, 5, 9)])
    other = plot([Measured(0, 10, 1), Measured(1, 10, 9, 20, 5, 5, 9)])
    assert one.startswith("<svg") and one != other
    assert one == plot([Measured(0, 10, 1), Measured(1, 10, 4, 20, 5, 5, 9)])


def test_other_words_are_put_into_what_the_user_says_last() -> None:
    told = Message("system", "Anne is who asks.")
    asked = Pair((told, Message("user", "Anne is big.\nbig kind")), "kind(anne)")
    found = with_other_words(3)(asked)
    assert 0 < len(found) <= 3
    for one in found:
        name = one.completion.removeprefix("kind(").removesuffix(")")
        assert one.messages == (told, Message("user", f"{name.title()} is big.\nbig kind"))
