-- why: code for the time of import, by attribute (compiles: varies)
/-! statement
theorem foo : True
-/
import Lean

def start : IO Nat := pure 0

@[init start] opaque started : Nat

theorem foo : True := trivial
