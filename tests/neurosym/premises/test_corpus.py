"""What a corpus holds, and which folders are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.premises.corpus import MANIFEST, Corpus
from provers.errors import InputError
from provers.lean.base import LeanVersion
from tests.neurosym.premises.made import Shelf


def test_premises_are_found_by_name_and_by_index(corpus: Corpus) -> None:
    found = corpus[corpus.index_of("double_zero")]
    assert (found.module, found.kind, found.statement) == ("Mid", "theorem", "⊢ double_zero")
    assert found.uses == ("double", "N.zero") and found.proof == ("add_zero",)
    assert found.place == (4, 0) and found.is_theorem
    assert corpus[corpus.index_of("double")].doc == "Twice."
    assert corpus[corpus.index_of("add_zero")].attributes == ("grind", "simp")
    assert corpus[corpus.index_of("add_zero")].proof is None
    assert corpus.find("no such") is None
    with pytest.raises(InputError, match="no such"):
        corpus.index_of("no such")
    with pytest.raises(InputError, match="no module 'Nope'"):
        corpus.module("Nope")


def test_it_is_a_sequence(corpus: Corpus) -> None:
    assert [p.index for p in corpus] == list(range(13)) and len(corpus) == 13
    assert corpus[-1] == corpus[12] and [p.name for p in corpus[3:5]] == list(corpus.names[3:5])
    with pytest.raises(IndexError):
        corpus[13]


def test_modules_are_in_import_order_and_what_they_declare_lies_together(corpus: Corpus) -> None:
    assert [m.name for m in corpus.modules] == ["Base", "Side", "Mid", "Top"]
    for module in corpus.modules:
        assert {corpus[i].module for i in module.indices} == {module.name}


def test_a_module_declares_by_places_or_what_is_needed_first(corpus: Corpus) -> None:
    mid = [corpus.names[i] for i in corpus.module("Mid").indices]
    assert mid == ["double", "double.eq", "double_zero", "last", "later"]
    base = [corpus.names[i] for i in corpus.module("Base").indices]
    assert base == ["N", "N.zero", "add", "add_zero", "zero_add"]


def test_the_manifest_counts(corpus: Corpus) -> None:
    manifest = corpus.manifest
    assert manifest.kinds == {"constructor": 1, "definition": 2, "inductive": 1, "theorem": 9}
    assert manifest.omitted == {"private": {"theorem": 4}}
    assert (manifest.lean_theorems, manifest.lean_constants) == (13, 17)
    assert (manifest.docs, manifest.places, manifest.proofs) == (1, 4, 8)
    assert manifest.attributes == {"grind": 1, "simp": 1}


def test_a_corpus_of_another_lean_is_refused_with_both_names(corpus: Corpus) -> None:
    Corpus(corpus.folder, wanted=LeanVersion("4.0.0", "native"))
    for wanted in (LeanVersion("4.9.1", "native"), LeanVersion("4.0.0", "embedded")):
        with pytest.raises(InputError) as refused:
            Corpus(corpus.folder, wanted=wanted)
        assert f"4.0.0 (native), and Lean {wanted.version} ({wanted.toolchain})" in str(refused)


def _flip(folder: Path) -> None:
    file = next(folder.glob("declarations-*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(folder: Path) -> None:
    file = next(folder.glob("modules-*"))
    file.write_bytes(file.read_bytes()[:-10])


def _lose(folder: Path) -> None:
    next(folder.glob("declarations-*")).unlink()


def _change(**fields: Any) -> Any:
    def change(folder: Path) -> None:
        data = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps(data | fields))

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_flip, "has changed"),
        (_cut, "has changed"),
        (_lose, "has lost its file"),
        (_change(format=99), "format 99"),
        (_change(surprise=1), "damaged"),
        (_change(kinds=3), "damaged"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "damaged"),
        (lambda folder: (folder / MANIFEST).unlink(), "no finished corpus"),
    ],
)
def test_what_is_damaged_is_refused(corpus: Corpus, damage: Any, said: str) -> None:
    damage(corpus.folder)
    with pytest.raises(InputError, match=said) as refused:
        Corpus(corpus.folder)
    assert "build again" in str(refused.value)


def test_a_manifest_names_no_file_elsewhere(corpus: Corpus, tmp_path: Path) -> None:
    data = json.loads((corpus.folder / MANIFEST).read_text())
    data["declarations_file"]["name"] = "../secret"
    (tmp_path / "secret").write_text("x")
    (corpus.folder / MANIFEST).write_text(json.dumps(data))
    with pytest.raises(InputError, match="lost its file"):
        Corpus(corpus.folder)


def test_a_library_without_declarations_is_a_corpus_too(shelf: Shelf, tmp_path: Path) -> None:
    shelf.modules = {"Base": []}
    empty = shelf.build(tmp_path / "empty").corpus
    assert len(empty) == 0 and list(empty) == [] and empty.find("N") is None
