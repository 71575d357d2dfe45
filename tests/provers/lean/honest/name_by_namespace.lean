-- why: a name in parts, proved inside of namespaces (compiles: yes)
/-! statement
theorem Facts.About.foo (n : Nat) : n ≤ n + 1
-/
namespace Facts
namespace About
open Nat in
theorem foo (n : Nat) : n ≤ n + 1 := le_succ n
end About
end Facts
