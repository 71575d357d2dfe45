/-!
# Binary numerals

Lists of bits, the least significant bit first.
-/

namespace Sample.Binary

/-- A binary numeral, least significant bit first. -/
abbrev Bits := List Bool

/-- The value of a bit. -/
def bit : Bool → Nat
  | true => 1
  | false => 0

/-- The number that a numeral stands for. -/
def value : Bits → Nat
  | [] => 0
  | b :: bs => bit b + 2 * value bs

/-- Add one. -/
def inc : Bits → Bits
  | [] => [true]
  | false :: bs => true :: bs
  | true :: bs => false :: inc bs

/-- The numeral of a number, by counting up. -/
def ofNat : Nat → Bits
  | 0 => []
  | n + 1 => inc (ofNat n)

/-- Add two numerals and a carry. -/
def addCarry : Bits → Bits → Bool → Bits
  | [], bs, false => bs
  | [], bs, true => inc bs
  | as, [], false => as
  | as, [], true => inc as
  | true :: as, true :: bs, c => c :: addCarry as bs true
  | false :: as, false :: bs, c => c :: addCarry as bs false
  | true :: as, false :: bs, c => (!c) :: addCarry as bs c
  | false :: as, true :: bs, c => (!c) :: addCarry as bs c

@[simp] theorem value_nil : value [] = 0 := rfl

@[simp] theorem value_cons (b : Bool) (bs : Bits) : value (b :: bs) = bit b + 2 * value bs := rfl

theorem bit_le_one (b : Bool) : bit b ≤ 1 := by
  sorry

theorem bit_not (b : Bool) : bit (!b) = 1 - bit b := by
  sorry

theorem value_inc (bs : Bits) : value (inc bs) = value bs + 1 := by
  induction bs with
  | nil => rfl
  | cons b bs ih =>
    cases b
    · simp [inc, bit]
      omega
    · simp [inc, bit, ih]
      omega

theorem value_ofNat (n : Nat) : value (ofNat n) = n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [ofNat, value_inc, ih]

theorem value_addCarry (as bs : Bits) (c : Bool) :
    value (addCarry as bs c) = value as + value bs + bit c := by
  fun_induction addCarry as bs c <;> simp_all [value_inc, bit] <;>
    first
    | omega
    | (rename_i c _; cases c <;> simp <;> omega)

end Sample.Binary
