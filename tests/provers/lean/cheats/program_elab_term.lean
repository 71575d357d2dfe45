-- why: a term elaborator by attribute (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Term

syntax (name := wish) "wish!" : term

@[term_elab wish] def elabWish : TermElab := fun _ type? =>
  match type? with
  | some type => return mkApp2 (mkConst ``sorryAx [0]) type (mkConst ``true)
  | none => return mkConst ``True.intro

theorem foo : (1 : Nat) = 2 := wish!
