-- why: by evaluation in the kernel (compiles: yes)
/-! statement
theorem foo : ∀ a b : Fin 4, a + b = b + a
-/
theorem foo : ∀ a b : Fin 4, a + b = b + a := by decide
