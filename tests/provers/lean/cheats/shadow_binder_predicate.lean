-- why: `∀ n > 0` is another quantifier (compiles: yes)
/-! statement
theorem foo : ∀ n > 0, n = 1
-/
local macro_rules
  | `(∀ $x:ident > $a, $p) => `(∃ $x:ident : Nat, $x > $a ∧ $p)

theorem foo : ∀ n > 0, n = 1 := Exists.intro 1 (by decide)
