-- why: `#eval` adds a lemma (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

#eval show CoreM Unit from
  addDecl <| .axiomDecl {
    name := `absurdity, levelParams := [], type := mkConst ``False, isUnsafe := false }

theorem foo : (1 : Nat) = 2 := absurdity.elim
