-- why: an axiom with the last name of an allowed one (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
namespace Logic
axiom propext {p : Prop} : p
end Logic

theorem foo (a b : Nat) : a + b < a := Logic.propext
