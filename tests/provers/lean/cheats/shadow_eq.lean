-- why: `Eq` in a namespace always holds, and `=` is made to use it (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a = b
-/
namespace Private
inductive Eq {α : Type} (a b : α) : Prop
  | intro

local infix:50 (priority := high) " = " => Eq

theorem _root_.foo (a b : Nat) : a = b := Eq.intro
end Private
