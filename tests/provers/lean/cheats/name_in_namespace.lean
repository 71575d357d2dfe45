-- why: the right last name, in a namespace (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
namespace Solution
theorem foo (n : Nat) : n + 0 = n := rfl
end Solution
