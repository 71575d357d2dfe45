-- why: by excluded middle (compiles: yes)
/-! statement
theorem foo (p q : Prop) : ((p → q) → p) → p
-/
theorem foo (p q : Prop) : ((p → q) → p) → p := fun h =>
  (Classical.em p).elim id fun hp => h fun p' => absurd p' hp
