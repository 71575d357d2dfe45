-- why: the last name is that of a library theorem (compiles: yes)
/-! statement
theorem Mine.add_comm (a b : Nat) : a + b = b + a
-/
open Nat

namespace Mine
protected theorem add_comm (a b : Nat) : a + b = b + a := by
  simpa using Nat.add_comm a b
end Mine
