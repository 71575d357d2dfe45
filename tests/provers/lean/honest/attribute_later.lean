-- why: attributes after the fact, local and scoped (compiles: yes)
/-! statement
theorem foo (n : Nat) : n * 1 = n
-/
namespace Scoped
theorem one (n : Nat) : n * 1 = n := Nat.mul_one n
attribute [scoped simp] one
end Scoped

attribute [local simp] Nat.add_zero in
open Scoped in
theorem foo (n : Nat) : n * 1 = n := by
  simp only [Scoped.one]

attribute [simp] foo
