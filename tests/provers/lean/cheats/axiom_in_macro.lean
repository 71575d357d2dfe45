-- why: a macro writes the axiom (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
macro "setup" name:ident : command => `(axiom $name (p : Prop) : p)

setup helper

theorem foo : (1 : Nat) = 2 := helper _
