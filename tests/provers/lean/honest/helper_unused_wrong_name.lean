-- why: helpers with the names of words that checkers look for (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
namespace axiom_of_choice
theorem sorry_free (n : Nat) : n + 0 = n := rfl
theorem native_decide_free : True := trivial
end axiom_of_choice

theorem foo (n : Nat) : n + 0 = n := axiom_of_choice.sorry_free n
