-- why: the code writes out `n.log2`, with a function of another namespace (compiles: yes)
/-! statement
theorem foo (n : Nat) : n.log2 = 0
-/
namespace Nat
protected def _root_.Mine.Nat.log2 (_ : Nat) : Nat := 0
end Nat

namespace Mine
theorem _root_.foo (n : Nat) : Nat.log2 n = 0 := rfl
end Mine
