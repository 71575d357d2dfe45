-- why: the axiom's name is written with quotes, so the word is not found (compiles: yes)
/-! statement
theorem foo : (2 : Nat) + 2 = 5
-/
open Classical in
theorem foo : (2 : Nat) + 2 = 5 := «sorryAx» _ true
