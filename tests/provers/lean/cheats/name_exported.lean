-- why: the name is only an alias by `export` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
namespace Solution
theorem foo (n : Nat) : n + 0 = n := rfl
end Solution

export Solution (foo)
