-- why: the universe is declared before (compiles: yes)
/-! statement
theorem foo.{u} (α : Type u) (l : List α) : l.reverse.length = l.length
-/
universe u

theorem foo (α : Type u) (l : List α) : l.reverse.length = l.length := List.length_reverse
