-- why: a no-break space after import, which Lean does not take for white space (compiles: no)
/-! statement
theorem foo : True
-/
import Std
theorem foo : True := trivial
