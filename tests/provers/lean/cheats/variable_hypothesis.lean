-- why: a section variable is a hypothesis (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
variable (h : (1 : Nat) = 2)

include h in
theorem foo : (1 : Nat) = 2 := h
