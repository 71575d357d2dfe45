-- why: section variables change their brackets, unused ones stay out (compiles: yes)
/-! statement
theorem foo {p q : Prop} (h : p ∧ q) : q
-/
section
variable (p q r : Prop) [Decidable r]
variable {p q}

theorem foo (h : p ∧ q) : q := h.2
end
