-- why: large numbers by evaluation (compiles: yes)
/-! statement
theorem foo : 123456789 * 987654321 = 121932631112635269
-/
theorem foo : 123456789 * 987654321 = 121932631112635269 := product
where
  product := rfl
