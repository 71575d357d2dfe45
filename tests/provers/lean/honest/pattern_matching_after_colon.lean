-- why: some arguments before the colon, others matched (compiles: yes)
/-! statement
theorem foo (p : Nat → Prop) (h : p 0) (s : ∀ n, p n → p (n + 1)) : ∀ n, p n
-/
theorem foo (p : Nat → Prop) (h : p 0) (s : ∀ n, p n → p (n + 1)) : ∀ n, p n
  | 0 => h
  | n + 1 => s n (foo p h s n)
