/-!
# Parity

`Even` and `Odd` for natural numbers, and how they behave under addition and multiplication.
-/

namespace Sample.Parity

/-- A number is even if it is twice another one. -/
def Even (n : Nat) : Prop := ∃ k, n = 2 * k

/-- A number is odd if it is one more than twice another one. -/
def Odd (n : Nat) : Prop := ∃ k, n = 2 * k + 1

theorem even_iff_mod {n : Nat} : Even n ↔ n % 2 = 0 := by
  constructor
  · rintro ⟨k, rfl⟩
    omega
  · intro h
    exact ⟨n / 2, by omega⟩

theorem odd_iff_mod {n : Nat} : Odd n ↔ n % 2 = 1 := by
  constructor
  · rintro ⟨k, rfl⟩
    omega
  · intro h
    exact ⟨n / 2, by omega⟩

@[simp] theorem even_zero : Even 0 := ⟨0, rfl⟩

theorem even_or_odd (n : Nat) : Even n ∨ Odd n := by
  rw [even_iff_mod, odd_iff_mod]
  omega

theorem even_add {m n : Nat} (hm : Even m) (hn : Even n) : Even (m + n) := by
  obtain ⟨a, rfl⟩ := hm
  obtain ⟨b, rfl⟩ := hn
  exact ⟨a + b, by omega⟩

theorem even_of_odd_add_odd {m n : Nat} (hm : Odd m) (hn : Odd n) : Even (m + n) := by
  rw [even_iff_mod]
  rw [odd_iff_mod] at hm hn
  sorry

theorem even_mul_left {m : Nat} (n : Nat) (hm : Even m) : Even (m * n) := by
  obtain ⟨a, rfl⟩ := hm
  exact ⟨a * n, Nat.mul_assoc 2 a n⟩

theorem even_mul_succ (n : Nat) : Even (n * (n + 1)) := by
  sorry

theorem even_of_add_even {m n : Nat} (h : Even (m + n)) : Even m := by
  sorry

end Sample.Parity
