-- why: a type of the statement is bound as a variable (compiles: yes)
/-! statement
def Level := Nat
theorem foo (a b : Level) (h : a = b) : b = a
-/
set_option autoImplicit true
set_option relaxedAutoImplicit true

theorem foo (a b : Level) (h : a = b) : b = a := h.symm
