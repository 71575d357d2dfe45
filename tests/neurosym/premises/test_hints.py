"""Premises for provers: what may be used after the imports, and a corpus that is not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from neurosym.cli.searching import user_hints
from neurosym.premises.corpus import Corpus
from neurosym.premises.hints import Hints, hints_among
from neurosym.premises.index import FOLDER, build
from neurosym.premises.select import MAX_QUERY, Selector
from provers.errors import InputError, MissingToolError
from provers.lean.base import LeanVersion
from tests.neurosym.premises.made import Shelf

LEAN = LeanVersion("4.0.0", "native")
BASE = {"N.zero", "add", "add_zero", "zero_add"}  # not N, which no tactic takes


@pytest.fixture
def selector(corpus: Corpus) -> Selector:
    return Selector(corpus, build(corpus, None, corpus.folder / FOLDER))


def no_lean() -> LeanVersion:
    raise AssertionError("nobody needs to know which Lean it is")


# --- what is named ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "usable"),
    [
        (("Base",), BASE),
        (("Side",), BASE | {"side"}),
        (("Base", "Side"), BASE | {"side"}),
        (("Side", "No.Such"), BASE | {"side"}),
        (("No.Such",), set()),
        ((), set()),
    ],
)
def test_what_the_imports_bring_and_a_tactic_takes(
    selector: Selector, header: tuple[str, ...], usable: set[str]
) -> None:
    hints = Hints(lambda: selector)
    assert set(hints.names("add x N.zero = x", header)) == usable
    assert set(hints.names("another", header)) == usable  # what is usable is known by now
    assert hints.note == ""


def test_kinds_that_a_tactic_takes(corpus: Corpus, selector: Selector) -> None:
    everything = selector.corpus.module_of.argsort().astype("int32")
    kinds = {corpus.kinds[i] for i in hints_among(corpus, everything)}
    assert kinds == {"theorem", "definition", "constructor"}


def test_the_likeliest_come_first_with_their_statements(selector: Selector) -> None:
    hints = Hints(lambda: selector, most=2)
    assert hints.names("add_zero", ("Mid",))[0] == "add_zero"
    lemmas = hints.lemmas("add_zero", ("Mid",))
    assert (lemmas[0].name, lemmas[0].statement) == ("add_zero", "⊢ add_zero")
    assert [one.name for one in lemmas] == hints.names("add_zero", ("Mid",))
    assert len(lemmas) == 2


@pytest.mark.parametrize("goal", ["", " \n\t"])
def test_an_empty_goal_needs_nothing(goal: str) -> None:
    def opened() -> Selector:
        raise AssertionError("there is nothing to look for")

    assert Hints(opened).names(goal, ("Base",)) == []
    assert Hints(opened).lemmas(goal, ("Base",)) == []


@pytest.mark.parametrize("goal", ["x " * MAX_QUERY + "add_zero", "add_zero" + "\n" * MAX_QUERY])
def test_of_a_goal_beyond_measure_its_end_is_searched_by(selector: Selector, goal: str) -> None:
    assert Hints(lambda: selector).names(goal, ("Base",))[0] == "add_zero"


# --- opened once, by whoever is first ----------------------------------------------------------


def test_a_corpus_is_opened_once_for_all(selector: Selector) -> None:
    times: list[int] = []

    def opened() -> Selector:
        times.append(1)
        return selector

    hints = Hints(opened)
    assert times == []
    hints.warm()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: hints.names("add_zero", ("Base",)), range(8)))
    hints.load()
    assert times == [1]
    assert all(names == found[0] and names[0] == "add_zero" for names in found)


# --- a corpus that is not there ----------------------------------------------------------------

ERRORS = [InputError("it is damaged"), MissingToolError("pyarrow is not installed")]


@pytest.mark.parametrize("error", ERRORS)
def test_a_required_corpus_is_missed_by_every_search(error: Exception) -> None:
    def opened() -> Selector:
        raise error

    hints = Hints(opened)
    hints.load()  # in the background, nobody hears of it
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)):
            hints.names("add", ("Base",))
    assert hints.note == ""


@pytest.mark.parametrize("error", ERRORS)
def test_one_that_is_not_required_leaves_a_note(error: Exception) -> None:
    times: list[int] = []

    def opened() -> Selector:
        times.append(1)
        raise error

    hints = Hints(opened, required=False)
    assert hints.names("add", ("Base",)) == [] == hints.lemmas("add", ("Base",))
    assert hints.note == f"premises are not searched for: {error}"
    assert times == [1]


# --- the user's --------------------------------------------------------------------------------


def test_none_is_wanted(selector: Selector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_DATA_HOME", str(selector.corpus.folder.parent))
    assert user_hints("none", no_lean) is None


def test_nobody_has_made_an_index(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSYM_DATA_HOME", str(tmp_path))
    assert user_hints(None, no_lean) is None
    shelf.build(tmp_path / "premises")
    assert user_hints(None, no_lean) is None


def test_the_users_own_corpus(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSYM_DATA_HOME", str(tmp_path))
    corpus = shelf.build(tmp_path / "premises").corpus
    build(corpus, None, corpus.folder / FOLDER)
    hints = user_hints(None, lambda: LEAN)
    assert hints is not None
    assert hints.names("add_zero", ("Base",))[0] == "add_zero"


def test_a_corpus_that_is_named(selector: Selector) -> None:
    hints = user_hints(str(selector.corpus.folder), lambda: LEAN)
    assert hints is not None
    assert hints.names("add_zero", ("Base",))[0] == "add_zero"


@pytest.mark.parametrize("other", [LeanVersion("4.9.9", "native"), LeanVersion("4.0.0", "docker")])
def test_a_corpus_of_another_lean(
    selector: Selector, monkeypatch: pytest.MonkeyPatch, other: LeanVersion
) -> None:
    named = user_hints(str(selector.corpus.folder), lambda: other)
    assert named is not None
    with pytest.raises(InputError) as raised:
        named.names("add_zero", ("Base",))
    assert "of Lean 4.0.0 (native)" in str(raised.value)
    assert f"Lean {other.version} ({other.toolchain}) is used" in str(raised.value)
    selector.corpus.folder.rename(selector.corpus.folder.with_name("premises"))
    monkeypatch.setenv("NEUROSYM_DATA_HOME", str(selector.corpus.folder.parent))
    own = user_hints(None, lambda: other)
    assert own is not None
    assert own.names("add_zero", ("Base",)) == []
    assert "4.0.0 (native)" in own.note and f"{other.version} ({other.toolchain})" in own.note


def test_a_folder_without_a_corpus_and_one_without_an_index(corpus: Corpus, tmp_path: Path) -> None:
    for folder, said in ((tmp_path / "none", "no finished corpus"), (corpus.folder, "index")):
        hints = user_hints(str(folder), lambda: LEAN)
        assert hints is not None
        with pytest.raises(InputError, match=said):
            hints.names("add", ("Base",))
