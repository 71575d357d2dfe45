-- why: `open ... renaming` gives another constant the name (compiles: yes)
/-! statement
theorem foo (a b : Nat) : Nat.gcd a b = min b a
-/
namespace Mine
def least (a b : Nat) : Nat := min b a
end Mine

namespace Outer
open Mine renaming least → Nat.gcd
theorem _root_.foo (a b : Nat) : Nat.gcd a b = min b a := by
  first | rfl | sorry
end Outer
