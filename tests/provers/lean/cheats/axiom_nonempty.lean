-- why: an axiom that says that something is inhabited, through choice (compiles: yes)
/-! statement
theorem foo : False
-/
axiom inhabited : Nonempty Empty

theorem foo : False := (Classical.choice inhabited).elim
