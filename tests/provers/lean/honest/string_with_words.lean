-- why: strings that hold forbidden words (compiles: yes)
/-! statement
theorem foo : "sorry".length = 5
-/
def words : List String := ["sorry", "axiom cheat : False", "run_cmd", "/-", "@[extern \"f\"]"]

theorem foo : "sorry".length = 5 := by decide
