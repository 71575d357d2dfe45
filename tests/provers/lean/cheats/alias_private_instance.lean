-- why: a private instance of another name rests on another value (compiles: yes)
/-! statement
structure T where
  n : Nat
def base : Nat := 5
private instance : Inhabited T := ⟨⟨base⟩⟩
theorem foo : (default : T).n = 6
-/
structure T where
  n : Nat
def base : Nat := 6
private instance myinst : Inhabited T := ⟨⟨base⟩⟩
theorem foo : (default : T).n = 6 := rfl
