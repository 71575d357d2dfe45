-- why: the arguments are grouped in another way (compiles: yes)
/-! statement
theorem foo (a b c : Nat) (h : a = b) (h' : b = c) : a = c
-/
theorem foo (a : Nat) (b : Nat) (c : _) (h : a = b) (h' : b = c) : a = c := h.trans h'
