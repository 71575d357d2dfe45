-- why: a section variable has the name of a type (compiles: yes)
/-! statement
theorem foo (a b : Nat) : (∀ c d : Nat, c = d) → a = b
-/
section
variable (Nat : Prop)

theorem foo (a b : Nat) : (∀ c d : Nat, c = d) → a = b := fun h => h a b
end
