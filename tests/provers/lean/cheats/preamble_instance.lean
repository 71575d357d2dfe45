-- why: the instance of the statement has another meaning (compiles: yes)
/-! statement
structure Point where
  x : Int
  y : Int
instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩
theorem foo (p q : Point) : p + q = p
-/
structure Point where
  x : Int
  y : Int

instance : Add Point := ⟨fun p _ => p⟩

theorem foo (p q : Point) : p + q = p := rfl
