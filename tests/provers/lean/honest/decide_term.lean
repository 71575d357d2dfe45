-- why: `of_decide_eq_true` written by hand (compiles: yes)
/-! statement
theorem foo : (10 : Nat) ∣ 1230
-/
theorem foo : (10 : Nat) ∣ 1230 := of_decide_eq_true rfl
