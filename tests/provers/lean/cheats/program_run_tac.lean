-- why: a tactic adds an axiom under an opaque constant (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

theorem foo : (1 : Nat) = 2 := by
  run_tac do
    let type ← Elab.Tactic.getMainTarget
    addDecl <| .axiomDecl { name := `given, levelParams := [], type, isUnsafe := false }
    addDecl <| .opaqueDecl {
      name := `kept, levelParams := [], type, value := mkConst `given, isUnsafe := false,
      all := [`kept] }
  exact kept
