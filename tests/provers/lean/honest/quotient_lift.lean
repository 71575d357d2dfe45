-- why: a function out of a quotient, in the preamble (compiles: yes)
/-! statement
def Parity : Type := Quot fun a b : Nat => a % 2 = b % 2
def Parity.bit : Parity → Nat := Quot.lift (· % 2) fun _ _ h => h
theorem foo (p : Parity) : p.bit < 2
-/
def Parity : Type := Quot fun a b : Nat => a % 2 = b % 2
def Parity.bit : Parity → Nat := Quot.lift (· % 2) fun _ _ h => h

theorem foo (p : Parity) : p.bit < 2 := by
  refine Quot.inductionOn p fun n => ?_
  exact Nat.mod_lt n (by decide)
