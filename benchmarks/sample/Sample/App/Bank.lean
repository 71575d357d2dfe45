import Sample.Data.Res
import Sample.Data.Sum

/-!
# Bank accounts
-/

noncomputable section

namespace Sample.App

open Sample.Data

/-- An account that may be overdrawn up to a limit. -/
structure Account where
  balance : Int
  limit : Nat

namespace Account

/-- The limit is kept. -/
def Valid (a : Account) : Prop := -(a.limit : Int) ≤ a.balance

/-- Pay an amount in. -/
def deposit (a : Account) (n : Nat) : Account := { a with balance := a.balance + n }

/-- Take an amount out, if the limit allows it. -/
def withdraw (a : Account) (n : Nat) : Res String Account :=
  if -(a.limit : Int) ≤ a.balance - n then .ok { a with balance := a.balance - n }
  else .error "limit"

/-- Move an amount from one account to another. -/
def transfer (a b : Account) (n : Nat) : Res String (Account × Account) :=
  (a.withdraw n).map fun a' => (a', b.deposit n)

/-- Several deposits. -/
def deposits (a : Account) : List Nat → Account
  | [] => a
  | n :: ns => (a.deposit n).deposits ns

theorem valid_deposit {a : Account} (n : Nat) (h : a.Valid) : (a.deposit n).Valid := by
  simp only [Valid, deposit] at *
  omega

theorem withdraw_balance {a b : Account} {n : Nat} (h : a.withdraw n = .ok b) :
    b.balance + n = a.balance := by
  unfold withdraw at h
  split at h
  · injection h with h
    subst h
    sorry
  · cases h

theorem transfer_total {a b c d : Account} {n : Nat} (h : transfer a b n = .ok (c, d)) :
    c.balance + d.balance = a.balance + b.balance := by
  unfold transfer at h
  cases hw : a.withdraw n with
  | error e =>
    rw [hw] at h
    simp [Res.map] at h
  | ok a' =>
    rw [hw] at h
    simp only [Res.map, Res.ok.injEq, Prod.mk.injEq] at h
    obtain ⟨rfl, rfl⟩ := h
    have := withdraw_balance hw
    simp only [deposit]
    omega

theorem deposit_zero (a : Account) : a.deposit 0 = a := by
  sorry

theorem deposits_balance (a : Account) (ns : List Nat) :
    (a.deposits ns).balance = a.balance + (sum ns : Nat) := by
  induction ns generalizing a with
  | nil => simp [deposits]
  | cons n ns ih =>
    rw [deposits, ih, sum_cons]
    simp only [deposit]
    omega

theorem valid_deposits {a : Account} (ns : List Nat) (h : a.Valid) : (a.deposits ns).Valid := by
  induction ns generalizing a with
  | nil => exact h
  | cons n ns ih => exact ih (valid_deposit n h)

end Account

end Sample.App
