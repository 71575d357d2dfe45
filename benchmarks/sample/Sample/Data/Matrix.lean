/-!
# Two-by-two matrices of integers
-/

namespace Sample.Data

/-- A two-by-two matrix. -/
@[ext] structure Mat where
  a : Int
  b : Int
  c : Int
  d : Int
  deriving DecidableEq

namespace Mat

/-- The unit matrix. -/
def one : Mat := ⟨1, 0, 0, 1⟩

/-- The sum of two matrices. -/
def add (m n : Mat) : Mat := ⟨m.a + n.a, m.b + n.b, m.c + n.c, m.d + n.d⟩

/-- The product of two matrices. -/
def mul (m n : Mat) : Mat :=
  ⟨m.a * n.a + m.b * n.c, m.a * n.b + m.b * n.d, m.c * n.a + m.d * n.c, m.c * n.b + m.d * n.d⟩

/-- Rows become columns. -/
def transpose (m : Mat) : Mat := ⟨m.a, m.c, m.b, m.d⟩

/-- The sum of the diagonal. -/
def trace (m : Mat) : Int := m.a + m.d

/-- The determinant. -/
def det (m : Mat) : Int := m.a * m.d - m.b * m.c

theorem add_comm (m n : Mat) : m.add n = n.add m := by
  simp [add, Int.add_comm]

theorem transpose_transpose (m : Mat) : m.transpose.transpose = m := by
  sorry

theorem mul_one (m : Mat) : m.mul one = m := by
  simp [mul, one]

theorem trace_transpose (m : Mat) : m.transpose.trace = m.trace := rfl

theorem det_transpose (m : Mat) : m.transpose.det = m.det := by
  simp [det, transpose, Int.mul_comm]

theorem det_one : det one = 1 := by
  sorry

end Mat

end Sample.Data
