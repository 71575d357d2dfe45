-- why: a simplification procedure without a proof (compiles: varies)
/-! statement
theorem foo (n : Nat) : n + 1 = n
-/
import Lean
open Lean Meta Simp

set_option debug.skipKernelTC true

simproc collapse (_ + _ = (_ : Nat)) := fun _ => do
  return .done { expr := mkConst ``True }

theorem foo (n : Nat) : n + 1 = n := by
  simp only [collapse]
