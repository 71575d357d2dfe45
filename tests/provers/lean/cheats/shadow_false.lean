-- why: `False` in a namespace is true (compiles: yes)
/-! statement
theorem foo : False
-/
namespace Private
@[reducible] def False := True

theorem _root_.foo : False := trivial
end Private
