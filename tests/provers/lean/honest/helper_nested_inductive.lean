-- why: a helper type that nests itself in lists (compiles: yes)
/-! statement
theorem foo : ∃ n : Nat, 2 < n
-/
inductive Tree
  | node : List Tree → Tree

def Tree.children : Tree → List Tree
  | .node l => l

theorem foo : ∃ n : Nat, 2 < n :=
  ⟨(Tree.node [.node [], .node [], .node []]).children.length, by decide⟩
