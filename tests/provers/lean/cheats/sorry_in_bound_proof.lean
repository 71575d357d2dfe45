-- why: the gap is the proof of an index bound (compiles: yes)
/-! statement
theorem foo (a : Array Nat) : ∃ x, x ∈ a
-/
theorem foo (a : Array Nat) : ∃ x, x ∈ a :=
  ⟨a[0]'(by sorry), Array.getElem_mem _⟩
