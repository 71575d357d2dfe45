-- why: proved inside of another namespace, by `_root_` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ≤ n + 1
-/
namespace Work.InProgress
theorem aid (n : Nat) : n < n + 1 := Nat.lt_succ_self n
theorem _root_.foo (n : Nat) : n ≤ n + 1 := Nat.le_of_lt (aid n)
end Work.InProgress
