-- why: a program alters a constructor's type (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

inductive Claim : Prop
  | mk : False → Claim

open Kernel in
run_cmd do
  let wrong : ConstructorVal := {
    name := `Claim.free, levelParams := [], type := mkConst `Claim, induct := `Claim,
    cidx := 1, numParams := 0, numFields := 0, isUnsafe := false }
  modifyEnv fun env => Lean.Environment.ofKernelEnv (env.toKernelEnv.add (.ctorInfo wrong))

theorem foo : (1 : Nat) = 2 :=
  let rec get : Claim → False := fun ⟨h⟩ => h
  (get Claim.free).elim
