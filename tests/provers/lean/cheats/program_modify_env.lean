-- why: a program puts a lemma into the environment (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

run_elab do
  let wrong : Declaration := .thmDecl {
    name := `absurdity, levelParams := [], type := mkConst ``False,
    value := mkConst ``True.intro }
  match (← getEnv).addDeclCore 0 wrong none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => throwError "refused"

theorem foo : (1 : Nat) = 2 := absurdity.elim
