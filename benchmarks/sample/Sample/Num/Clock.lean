/-!
# Clocks

A clock with `n` hours counts modulo `n`.
-/

namespace Sample.Clock

/-- A clock with `n` hours, which shows one of `0, …, n - 1`. -/
structure Clock (n : Nat) where
  /-- what it shows -/
  hour : Nat
  /-- it shows no other hour -/
  valid : hour < n

namespace Clock

variable {n : Nat}

/-- Let `k` hours pass. -/
def wait (c : Clock n) (k : Nat) : Clock n where
  hour := (c.hour + k) % n
  valid := Nat.mod_lt _ (Nat.lt_of_le_of_lt (Nat.zero_le _) c.valid)

/-- Let one hour pass. -/
def tick (c : Clock n) : Clock n := c.wait 1

theorem ext {c d : Clock n} (h : c.hour = d.hour) : c = d := by
  cases c
  cases d
  simp_all

theorem pos (c : Clock n) : 0 < n := by
  sorry

@[simp] theorem wait_hour (c : Clock n) (k : Nat) : (c.wait k).hour = (c.hour + k) % n := rfl

theorem wait_zero (c : Clock n) : c.wait 0 = c := by
  apply ext
  sorry

theorem wait_wait (c : Clock n) (j k : Nat) : (c.wait j).wait k = c.wait (j + k) := by
  apply ext
  simp [Nat.add_assoc]

theorem wait_period (c : Clock n) : c.wait n = c := by
  apply ext
  simp [Nat.mod_eq_of_lt c.valid]

theorem tick_ne_self (c : Clock n) : c.tick.hour ≠ c.hour := by
  sorry

end Clock

end Sample.Clock
