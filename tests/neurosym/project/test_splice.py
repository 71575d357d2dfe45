"""A proof in the place of a sorry, as text; and a file that is written all or nothing."""

from pathlib import Path

import pytest

from neurosym.project.splice import offset, put, write
from provers.errors import InputError
from provers.lean.workbench import Gap


def gap(text: str, *, term: bool = False) -> Gap:
    at = text.replace("\r\n", "\n").index("sorry")
    before = text.replace("\r\n", "\n")[:at]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2])
    return Gap((line, column), (line, column + 5), "⊢ p", term)


@pytest.mark.parametrize(
    ("text", "proof", "made"),
    [
        ("theorem t : p := by sorry\n", "simp", "theorem t : p := by simp\n"),
        ("theorem t : p := by\n  sorry\n", "simp", "theorem t : p := by\n  simp\n"),
        (
            "theorem t : p := by\n  sorry\n",
            "intro h\nsimp",
            "theorem t : p := by\n  intro h\n  simp\n",
        ),
        (
            "theorem t : p := by sorry\nnext",
            "intro h\nsimp",
            "theorem t : p := by\n  intro h\n  simp\nnext",
        ),
        ("  | zero => sorry\n", "a\nb", "  | zero =>\n    a\n    b\n"),
        ("  | zero => sorry -- later\n", "a", "  | zero => a -- later\n"),
        ("  · sorry\n", "a\nb", "  · a\n    b\n"),
        ("  constructor <;> sorry\n", "a\nb", "  constructor <;> (a; b)\n"),
        ("  constructor <;> sorry\n", "a", "  constructor <;> (a)\n"),
        ("  have h : q := by sorry\n  x", "a\nb", "  have h : q := by\n    a\n    b\n  x"),
        ("  (sorry)\n", "a", "  ((a))\n"),
        ("ünïcode «x» := by sorry", "ω", "ünïcode «x» := by ω"),
    ],
)
def test_a_tactic_takes_the_place_of_a_sorry(text: str, proof: str, made: str) -> None:
    assert put(text, gap(text), proof) == made


@pytest.mark.parametrize(
    ("text", "proof", "made"),
    [
        ("theorem t : p := sorry\n", "simp", "theorem t : p := by simp\n"),
        ("theorem t : p := sorry\n", "a\nb", "theorem t : p := by\n  a\n  b\n"),
        ("theorem t : p :=\n  f sorry x\n", "a\nb", "theorem t : p :=\n  f (by a; b) x\n"),
    ],
)
def test_a_term_becomes_a_proof_by_tactics(text: str, proof: str, made: str) -> None:
    assert put(text, gap(text, term=True), proof) == made


def test_line_ends_stay_what_they_are() -> None:
    text = "def x := 1\r\ntheorem t : p := by\r\n  sorry\r\n"
    made = put(text, gap(text), "intro h\nsimp")
    assert made == "def x := 1\r\ntheorem t : p := by\r\n  intro h\r\n  simp\r\n"


def test_what_is_not_there_is_refused() -> None:
    there = gap("a\nb\nc sorry")
    with pytest.raises(InputError, match="no sorry in line 3"):
        put("a\nb\nc simp ", there, "simp")
    with pytest.raises(InputError, match="no line 3"):
        offset("a\nb", (3, 0))


def test_a_file_is_written_only_over_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "A.lean"
    file.write_bytes(b"one\r\n")
    file.chmod(0o640)
    write(file, "two\r\n", "one\r\n")
    assert file.read_bytes() == b"two\r\n" and file.stat().st_mode & 0o777 == 0o640
    with pytest.raises(InputError, match="changed while it was worked on"):
        write(file, "three", "one\r\n")
    assert file.read_bytes() == b"two\r\n"
    assert [one.name for one in tmp_path.iterdir()] == ["A.lean"]


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Gone\.lean' cannot be written"):
        write(tmp_path / "Gone.lean", "a", "b")
