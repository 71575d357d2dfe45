-- why: a function of the statement is shadowed by an opened namespace (compiles: yes)
/-! statement
theorem foo (a b : Nat) : Nat.gcd a b = a
-/
namespace Mine
def Nat.gcd (a _ : Nat) : Nat := a

theorem _root_.foo (a b : Nat) : Nat.gcd a b = a := rfl
end Mine
