-- why: a private proposition under another name is True instead of False (compiles: yes)
/-! statement
def G : Prop := False
private def Q : Prop := G
theorem foo : Q
-/
def G : Prop := True
private def Q' : Prop := G
theorem foo : Q' := trivial
