-- why: an unnamed instance that the statement uses (compiles: yes)
/-! statement
structure Point where
  x : Int
  y : Int
instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩
instance : Zero Point where
  zero := ⟨0, 0⟩
theorem foo (p : Point) : p + 0 = p
-/
structure Point where
  x : Int
  y : Int
instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩
instance : Zero Point where
  zero := ⟨0, 0⟩

@[ext] theorem Point.same {p q : Point} (hx : p.x = q.x) (hy : p.y = q.y) : p = q := by
  cases p
  cases q
  simp_all

theorem foo (p : Point) : p + 0 = p :=
  Point.same (Int.add_zero p.x) (Int.add_zero p.y)
