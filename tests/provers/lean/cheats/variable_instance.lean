-- why: a section variable is an instance that proves everything (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < n
-/
class Magic : Prop where
  out (p : Prop) : p

variable [Magic]

theorem foo (n : Nat) : n < n := Magic.out _
