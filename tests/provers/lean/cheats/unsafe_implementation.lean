-- why: an opaque proof with an unsafe implementation (compiles: no)
/-! statement
theorem foo : False
-/
unsafe def forged : PLift False := unsafeCast ()

@[implemented_by forged]
opaque proof : PLift False

theorem foo : False := proof.down
