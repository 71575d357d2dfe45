-- why: a program adds the theorem past the kernel (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

run_cmd Elab.Command.liftCoreM <| withOptions (debug.skipKernelTC.set · true) do
  addDecl <| .thmDecl {
    name := `foo, levelParams := [],
    type := mkApp3 (mkConst ``Eq [1]) (mkConst ``Nat) (mkRawNatLit 1) (mkRawNatLit 2),
    value := mkApp2 (mkConst ``Eq.refl [1]) (mkConst ``Nat) (mkRawNatLit 1) }
