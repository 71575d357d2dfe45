-- why: `Lean.ofReduceBool` on an equation that is proved otherwise (compiles: yes)
/-! statement
theorem foo (b : Bool) (h : Lean.reduceBool b = true) : b = true
-/
theorem foo (b : Bool) (h : Lean.reduceBool b = true) : b = true :=
  Lean.ofReduceBool b true h
