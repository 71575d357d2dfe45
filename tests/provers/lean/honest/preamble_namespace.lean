-- why: the preamble has a namespace and the theorem is in it (compiles: yes)
/-! statement
namespace Shapes
def area (w h : Nat) : Nat := w * h
theorem swap (w h : Nat) : area w h = area h w
-/
namespace Shapes
def area (w h : Nat) : Nat := w * h

theorem swap (w h : Nat) : area w h = area h w := Nat.mul_comm w h

end Shapes
