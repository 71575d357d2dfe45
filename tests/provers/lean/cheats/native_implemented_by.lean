-- why: compiled code says otherwise than the definition (compiles: varies)
/-! statement
theorem foo : False
-/
def lie (_ : Unit) : Bool := true

@[implemented_by lie]
def truth (_ : Unit) : Bool := false

theorem claim : truth () = true := by
  native_decide

theorem foo : False := Bool.noConfusion claim
