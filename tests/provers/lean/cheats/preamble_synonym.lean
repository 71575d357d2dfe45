-- why: a type synonym stands for a smaller type (compiles: yes)
/-! statement
def Index : Type := Nat
instance : OfNat Index n := ⟨(n : Nat)⟩
theorem foo : ∀ i j : Index, i = j
-/
def Index : Type := Unit
instance : OfNat Index n := ⟨()⟩

theorem foo : ∀ i j : Index, i = j := fun _ _ => rfl
