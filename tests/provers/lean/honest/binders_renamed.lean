-- why: the bound variables have other names (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : ∀ x, x < a → x < b) : ∀ y, y < a → y < b + 1
-/
theorem foo (m k : Nat) (hyp : ∀ z, z < m → z < k) : ∀ w, w < m → w < k + 1 :=
  fun w hw => Nat.lt_succ_of_lt (hyp w hw)
