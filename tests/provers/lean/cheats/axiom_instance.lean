-- why: an axiom that is found as an instance (compiles: yes)
/-! statement
theorem foo (p : Prop) : p
-/
class Trusted (p : Prop) : Prop where
  out : p

@[instance] axiom trusted (p : Prop) : Trusted p

theorem foo (p : Prop) : p := Trusted.out
