-- why: imports all of Lean and opens it (compiles: yes)
/-! statement
theorem foo (a b : Nat) : max a b = max b a
-/
import Lean
import Init.Data.List

open Lean Elab Meta

theorem foo (a b : Nat) : max a b = max b a := Nat.max_comm a b
