import Sample.Machine.Imp

/-!
# A traffic light with two directions
-/

namespace Sample.Machine

/-- The colours of a light. -/
inductive Light where
  | red | yellow | green
  deriving DecidableEq

/-- A crossing with a light for each direction. -/
structure Crossing where
  north : Light
  east : Light
  deriving DecidableEq

namespace Crossing

/-- At least one direction has to stop. -/
def Safe (c : Crossing) : Prop := c.north = .red ∨ c.east = .red

/-- The next phase. A state that should not occur is answered by red in all directions. -/
def next (c : Crossing) : Crossing :=
  match c.north, c.east with
  | .green, .red => ⟨.yellow, .red⟩
  | .yellow, .red => ⟨.red, .green⟩
  | .red, .green => ⟨.red, .yellow⟩
  | .red, .yellow => ⟨.green, .red⟩
  | _, _ => ⟨.red, .red⟩

/-- Both directions exchanged. -/
def turn (c : Crossing) : Crossing := ⟨c.east, c.north⟩

theorem turn_turn (c : Crossing) : c.turn.turn = c := rfl

theorem safe_turn (c : Crossing) : c.turn.Safe ↔ c.Safe := by
  exact Or.comm

theorem safe_next (c : Crossing) : c.next.Safe := by
  obtain ⟨n, e⟩ := c
  cases n <;> cases e <;> simp [next, Safe]

theorem next_turn (c : Crossing) : c.turn.next = c.next.turn := by
  obtain ⟨n, e⟩ := c
  cases n <;> cases e <;> rfl

theorem next_four (h : Light) (hh : h ≠ .red) :
    iter next 4 ⟨h, .red⟩ = ⟨h, .red⟩ := by
  cases h with
  | red => exact absurd rfl hh
  | yellow => rfl
  | green => rfl

theorem safe_iter (n : Nat) {c : Crossing} (h : c.Safe) : (iter next n c).Safe := by
  exact iter_invariant (fun a _ => safe_next a) n h

theorem next_red_red : next ⟨.red, .red⟩ = ⟨.red, .red⟩ := by
  sorry

end Crossing

end Sample.Machine
