"""A theorem of a module, stated once more in a file that imports the module."""

from neurosym.project.restate import NAME, restate, scope

TEXT = """import A

/-- open sesame -/
namespace One
open Nat in
theorem zero : 1 = 1 := rfl
variable {α : Type}
  (xs : List α)

section
open List
def f (n : Nat) : Nat :=
  n
set_option maxHeartbeats 1000
/-- It says
section -/
@[simp] private theorem f_one (h : 1 < 2) : f 1 = 1 := by
  sorry
"""


def test_what_is_in_force_is_written_again() -> None:
    before = TEXT[: TEXT.index("/-- It says")]
    assert scope(before) == (
        "namespace One\nvariable {α : Type}\n  (xs : List α)\nsection\nopen List\n"
        "set_option maxHeartbeats 1000\n"
    )


def test_a_theorem_is_stated_under_another_name() -> None:
    line = TEXT[: TEXT.index("@[simp]")].count("\n") + 1
    found = restate(TEXT, "Mine.B", ("Init", "A"), (line, 0), TEXT.index(":= by\n  sorry"))
    assert found is not None and found.name == "f_one"
    assert found.text.startswith("import A\nimport Mine.B\nnamespace One\n")
    assert found.text.endswith(f"theorem {NAME} (h : 1 < 2) : f 1 = 1")
    assert found.same.startswith(found.text) and "exact @f_one" in found.same


def test_what_is_no_theorem_is_left_alone() -> None:
    assert restate("def f := sorry", "M", ("Init",), (1, 0), 6) is None
