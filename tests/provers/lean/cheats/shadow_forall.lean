-- why: `∀` is another quantifier (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n = 0
-/
local macro_rules
  | `(∀ $x:ident : $t, $p) => `(∃ $x:ident : $t, $p)

theorem foo : ∀ n : Nat, n = 0 := Exists.intro 0 rfl
