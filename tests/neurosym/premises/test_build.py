"""Building a corpus again, after an interruption, and where something is wrong."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from neurosym.premises.corpus import MANIFEST, Corpus
from provers.errors import BrokenToolError, InputError
from tests.neurosym.premises.made import Shelf, decl


def _content(corpus: Corpus) -> tuple[str, str]:
    return corpus.manifest.declarations_file.sha256, corpus.manifest.modules_file.sha256


def test_what_has_not_changed_is_not_asked_again(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    first = shelf.build(out)
    assert (first.asked, first.kept) == (4, 0)
    shelf.asked.clear()
    again = shelf.build(out)
    assert (again.asked, again.kept, shelf.asked) == (0, 4, [])
    assert _content(again.corpus) == _content(first.corpus)


def test_what_changed_and_what_rests_on_it_is_asked_again(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shelf.build(out)
    shelf.asked.clear()
    shelf.modules["Mid"].append(decl("fresh", "double", place=(20, 0)))
    shelf.compile("Mid")
    updated = shelf.build(out)
    assert sorted(shelf.asked) == ["Mid", "Top"] and (updated.asked, updated.kept) == (2, 2)
    assert _content(updated.corpus) == _content(shelf.build(tmp_path / "anew").corpus)
    assert len(list(out.glob("*.parquet"))) == 2  # the old ones are gone


def test_attributes_are_always_asked(shelf: Shelf, tmp_path: Path) -> None:
    shelf.build(tmp_path / "corpus")
    shelf.attributes = [("simp", "top")]
    again = shelf.build(tmp_path / "corpus").corpus
    assert again[again.index_of("top")].attributes == ("simp",)
    assert again[again.index_of("add_zero")].attributes == ()


def test_an_interrupted_build_goes_on_and_never_looks_finished(
    shelf: Shelf, tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    shelf.breaks = "Top"
    with pytest.raises(BrokenToolError, match="Top"):
        shelf.build(out)
    with pytest.raises(InputError, match="no finished corpus"):
        Corpus(out)
    shelf.breaks = ""
    done = list(shelf.asked)
    shelf.asked.clear()
    found = shelf.build(out).corpus
    assert not set(done) & set(shelf.asked) and "Top" in shelf.asked
    assert _content(found) == _content(shelf.build(tmp_path / "anew").corpus)
    assert not (out / "pages").exists()


def test_an_interrupted_update_leaves_the_old_corpus(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    before = _content(shelf.build(out).corpus)
    shelf.modules["Mid"].append(decl("fresh", "double"))
    shelf.compile("Mid")
    shelf.breaks = "Top"
    with pytest.raises(BrokenToolError):
        shelf.build(out)
    assert _content(Corpus(out)) == before


def test_a_damaged_page_is_asked_again(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shelf.breaks = "Top"
    with pytest.raises(BrokenToolError):
        shelf.build(out)
    shelf.breaks = ""
    page = next((out / "pages").glob("*.json"))
    page.write_text(page.read_text()[:-5])
    with pytest.raises(BrokenToolError, match="damaged and is deleted"):
        shelf.build(out)
    assert len(shelf.build(out).corpus) == 13


def test_a_damaged_corpus_is_made_anew(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    before = _content(shelf.build(out).corpus)
    next(out.glob("declarations-*")).write_bytes(b"PAR1")
    again = shelf.build(out)
    assert again.kept == 0 and _content(again.corpus) == before


def test_another_lean_keeps_nothing(shelf: Shelf, tmp_path: Path) -> None:
    shelf.build(tmp_path / "corpus")
    shelf.version = "4.0.1"
    again = shelf.build(tmp_path / "corpus")
    assert again.kept == 0 and again.corpus.manifest.made.version == "4.0.1"


def test_several_ask_at_once_and_come_to_the_same(shelf: Shelf, tmp_path: Path) -> None:
    one = shelf.build(tmp_path / "one").corpus
    assert _content(shelf.build(tmp_path / "three", workers=3).corpus) == _content(one)
    shelf.breaks = "Base"
    with pytest.raises(BrokenToolError, match="Base"):
        shelf.build(tmp_path / "broken", workers=3)


def test_what_lean_counts_otherwise_is_no_corpus(shelf: Shelf, tmp_path: Path) -> None:
    shelf.uncounted = 1
    with pytest.raises(BrokenToolError, match="13 theorems of 17 constants, and Lean counts 13"):
        shelf.build(tmp_path / "corpus")
    assert not (tmp_path / "corpus" / MANIFEST).exists()


def test_a_name_from_nowhere_is_no_corpus(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("Extra", "Top", [decl("extra", "nowhere")])
    with pytest.raises(BrokenToolError, match="'nowhere'"):
        shelf.build(tmp_path / "corpus")


def test_a_folder_of_something_else_is_left_alone(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    with pytest.raises(InputError, match=r"thesis\.tex"):
        shelf.build(tmp_path / "mine")
    assert [f.name for f in (tmp_path / "mine").iterdir()] == ["thesis.tex"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be used"):
        shelf.build(tmp_path / "file")


def test_two_do_not_build_in_one_folder(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shelf.build(out)
    with (out / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another process builds"):
            shelf.build(out)


def test_the_manifest_is_plain_json(corpus: Corpus) -> None:
    data = json.loads((corpus.folder / MANIFEST).read_text())
    assert data["made"]["version"] == "4.0.0" and data["unread"]
