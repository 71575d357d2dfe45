-- why: a parser of the submission is a program (compiles: varies)
/-! statement
theorem foo : True
-/
import Lean
open Lean Parser
def evil : Parser := { fn := fun _ s => dbgTrace "ran" fun _ => s }
syntax (name := kk) "foo! " evil : command
theorem foo : True := trivial
