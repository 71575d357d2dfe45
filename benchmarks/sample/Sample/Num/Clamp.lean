/-!
# Keeping a number between two bounds
-/

namespace Sample.Clamp

/-- The number nearest to `x` between `lo` and `hi`. -/
def clamp (lo hi x : Int) : Int := max lo (min hi x)

/-- Whether `x` lies between the bounds. -/
def Within (lo hi x : Int) : Prop := lo ≤ x ∧ x ≤ hi

theorem le_clamp (lo hi x : Int) : lo ≤ clamp lo hi x := by
  exact Int.le_max_left _ _

theorem clamp_le {lo hi : Int} (h : lo ≤ hi) (x : Int) : clamp lo hi x ≤ hi := by
  unfold clamp
  omega

theorem clamp_within {lo hi : Int} (h : lo ≤ hi) (x : Int) : Within lo hi (clamp lo hi x) :=
  ⟨le_clamp lo hi x, clamp_le h x⟩

theorem clamp_of_within {lo hi x : Int} (h : Within lo hi x) : clamp lo hi x = x := by
  obtain ⟨h1, h2⟩ := h
  unfold clamp
  omega

theorem clamp_idem {lo hi : Int} (h : lo ≤ hi) (x : Int) :
    clamp lo hi (clamp lo hi x) = clamp lo hi x := by
  sorry

theorem clamp_mono {lo hi x y : Int} (h : x ≤ y) : clamp lo hi x ≤ clamp lo hi y := by
  unfold clamp
  omega

theorem within_trans {a b c d x : Int} (h : Within b c x) (hab : a ≤ b) (hcd : c ≤ d) :
    Within a d x := by
  obtain ⟨h1, h2⟩ := h
  constructor
  · omega
  · sorry

end Sample.Clamp
