-- why: a namespace is never closed (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
namespace Answers

theorem foo (n : Nat) : n + 0 = n := rfl
