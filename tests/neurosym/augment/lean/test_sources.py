"""Seeds: the theorems of a file and of a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.augment.lean.sources import corpus_seeds, file_seeds, theorems_of
from provers.errors import InputError, ParseError
from provers.lean.pool import Pool
from tests.neurosym.premises.made import small

FILE = """\
-- theorem not_this : True := trivial
/- theorem nor_this : True := trivial -/
namespace A.B
theorem first : True := trivial
section
@[simp] protected theorem second : True := trivial
private theorem hidden : True := trivial
end
namespace C
lemma «a third» : True := trivial
theorem _root_.fourth : True := trivial
end C
end A.B
theorem Fifth.one (n : Nat) : n = n := rfl
"""


def test_the_theorems_of_a_text() -> None:
    names = ["A.B.first", "A.B.second", "A.B.C.«a third»", "fourth", "Fifth.one"]
    assert theorems_of(FILE) == names


def test_the_theorems_of_a_file(lean_checker: Pool) -> None:
    code = FILE.replace("lemma", "theorem")
    found = file_seeds(lean_checker, f"import Std\n{code}")
    assert [seed.name for seed in found] == theorems_of(code)
    assert {seed.header for seed in found} == {("Init", "Std")}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("theorem a : 1 = 1 := rfl\ntheorem b : 1 = 2 := rfl\n", "an error in line 2"),
        ("def a : Nat := 1\n", "declares no theorem"),
        ("-- nothing\n", "declares no theorem"),
    ],
)
def test_a_file_that_cannot_be_used(lean_checker: Pool, code: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        file_seeds(lean_checker, code)


def test_a_file_of_another_mode_is_refused(lean_checker: Pool) -> None:
    with pytest.raises(ParseError, match="module"):
        file_seeds(lean_checker, "module\ntheorem a : True := trivial\n")


def test_the_theorems_of_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = small(tmp_path)
    shelf.install(monkeypatch)
    corpus = shelf.build(tmp_path / "corpus").corpus
    everything = [seed.name for seed in corpus_seeds(corpus)]
    theorems = {n for n, k in zip(corpus.names, corpus.kinds, strict=True) if k == "theorem"}
    assert set(everything) <= theorems and everything
    assert everything == [seed.name for seed in corpus_seeds(corpus)]
    drawn = {tuple(s.name for s in corpus_seeds(corpus, seed=n)) for n in range(5)}
    assert len(drawn) > 1
    assert len(corpus_seeds(corpus, 1)) == 1
    module = corpus[corpus.index_of(everything[0])].module
    found = {corpus[corpus.index_of(s.name)].module for s in corpus_seeds(corpus, modules=[module])}
    assert found == {module}
    (named,) = corpus_seeds(corpus, names=[everything[-1]])
    assert named.name == everything[-1] and named.header == corpus.manifest.header
    with pytest.raises(InputError, match=r"no theorem 'no\.such'"):
        corpus_seeds(corpus, names=["no.such"])
    with pytest.raises(InputError, match=r"no theorem in No\.Such"):
        corpus_seeds(corpus, modules=["No.Such"])
