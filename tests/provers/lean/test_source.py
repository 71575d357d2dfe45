"""Header splitting and statements: text only, no Lean."""

from __future__ import annotations

import pytest

from provers.errors import ParseError
from provers.lean.source import MAX_BYTES, bare_statement, is_empty, split_header, without_proof


@pytest.mark.parametrize(
    ("code", "header"),
    [
        ("theorem t : True := trivial", ("Init",)),
        ("import Std\ntheorem t : True := trivial", ("Init", "Std")),
        ("-- a comment\nimport Lean.Elab\nimport Std", ("Init", "Lean.Elab", "Std")),
        ("/- import No /- nested -/ -/\nimport Std", ("Init", "Std")),
        ("import Std import Lean", ("Init", "Std", "Lean")),
        ("public meta import Std\nimport all Lean", ("Init", "Std", "Lean")),
        ("import «Odd».Name", ("Init", "Odd.Name")),
        ("/-- doc -/ import Std", ("Init",)),
        ("/-! doc -/ import Std", ("Init",)),
        ("import Std\nimport Std", ("Init", "Std")),
        ("def importer := 1", ("Init",)),
        ("", ("Init",)),
        ("/- never closed import Std", ("Init",)),
    ],
)
def test_headers(code: str, header: tuple[str, ...]) -> None:
    assert split_header(code).header == header


def test_the_body_keeps_every_position() -> None:
    code = "-- first\nimport Std\n\n  import Lean  theorem t : True := trivial\n"
    source = split_header(code)
    assert len(source.body) == len(code)
    assert source.body.count("\n") == code.count("\n")
    assert source.body.index("theorem") == code.index("theorem")
    assert "import" not in source.body
    assert source.places == (("Std", 2, 7), ("Lean", 4, 9))


@pytest.mark.parametrize("word", ["module", "prelude"])
def test_other_kinds_of_files_are_refused(word: str) -> None:
    with pytest.raises(ParseError, match="leave it out") as caught:
        split_header(f"-- x\n{word}\nimport Std")
    assert (caught.value.line, caught.value.column) == (2, 1)


def test_nul_bytes_are_refused_with_their_place() -> None:
    with pytest.raises(ParseError, match="NUL") as caught:
        split_header("theorem t :\n  Tr\0ue")
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ParseError, match="surrogate"):
        split_header("theorem \ud800")


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(ParseError, match="split it"):
        split_header("-" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "tail", ["", " := sorry", " := by sorry", ":= by\n  sorry\n", " :=", " := by", " := by admit"]
)
def test_statements_lose_their_proof(tail: str) -> None:
    assert bare_statement("theorem t : 1 = 1" + tail) == "theorem t : 1 = 1"


def test_a_proof_that_is_there_stays() -> None:
    assert bare_statement("theorem t : 1 = 1 := rfl") == "theorem t : 1 = 1 := rfl"


def test_a_comment_at_the_end_does_not_hide_the_missing_proof() -> None:
    assert without_proof("theorem t : 1 = 1 -- so").endswith("-- so\n  := sorry")


@pytest.mark.parametrize(
    ("code", "empty"),
    [
        ("", True),
        (" \t\r\n", True),
        ("-- a\n/- b /- c -/ -/ -- d", True),
        ("/- a", False),
        ("/- a /- b -/", False),
        ("-- /-\n", True),
        ("/- -- -/", True),
        ("-/", False),
        ("/-- a -/", False),
        ("/-! a -/", False),
        ("-- a\n#check Nat", False),
        ("-", False),
    ],
)
def test_is_empty(code: str, empty: bool) -> None:
    assert is_empty(code) == empty
