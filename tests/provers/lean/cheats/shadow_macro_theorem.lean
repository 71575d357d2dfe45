-- why: the command `theorem` is expanded into another one (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
macro_rules
  | `(theorem foo : $_ := $v) => `(theorem $(Lean.mkIdent `foo):ident (_ : True) : True := $v)

theorem foo : (1 : Nat) = 2 := trivial
