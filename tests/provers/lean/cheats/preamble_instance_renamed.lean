-- why: the old instance keeps its name but serves another class (compiles: yes)
/-! statement
class Join (α : Type) where
  join : α → α → α
instance joinNat : Join Nat := ⟨max⟩
theorem foo (a b : Nat) : Join.join a b = a
-/
class Join (α : Type) where
  join : α → α → α

instance joinNat : Join Nat := ⟨fun a _ => a⟩

theorem foo (a b : Nat) : Join.join a b = a := rfl
