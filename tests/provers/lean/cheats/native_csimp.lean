-- why: the compiler is told to replace a function by another, by an unproved equation (compiles: varies)
/-! statement
theorem foo : False
-/
def truth (_ : Unit) : Bool := false
def lie (_ : Unit) : Bool := true

@[csimp] theorem replaced : @truth = @lie := sorry

theorem claim : truth () = true := by
  native_decide

theorem foo : False := Bool.noConfusion claim
