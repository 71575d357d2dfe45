import Sample.Data.Reverse

/-!
# Folding lists
-/

noncomputable section

namespace Sample.Data

variable {α β γ : Type}

/-- Fold from the right. -/
def foldR (f : α → β → β) (b : β) : List α → β
  | [] => b
  | x :: xs => f x (foldR f b xs)

/-- Fold from the left. -/
def foldL (f : β → α → β) : β → List α → β
  | b, [] => b
  | b, x :: xs => foldL f (f b x) xs

@[simp] theorem foldR_nil (f : α → β → β) (b : β) : foldR f b [] = b := rfl

@[simp] theorem foldR_cons (f : α → β → β) (b : β) (x : α) (xs : List α) :
    foldR f b (x :: xs) = f x (foldR f b xs) := rfl

theorem foldL_append (f : β → α → β) (b : β) (xs ys : List α) :
    foldL f b (xs ++ ys) = foldL f (foldL f b xs) ys := by
  induction xs generalizing b with
  | nil => rfl
  | cons x xs ih => exact ih (f b x)

theorem foldL_rev (f : β → α → β) (b : β) (xs : List α) :
    foldL f b (rev xs) = foldR (fun x y => f y x) b xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    sorry

theorem foldR_map (f : β → γ → γ) (g : α → β) (c : γ) (xs : List α) :
    foldR f c (xs.map g) = foldR (fun x => f (g x)) c xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [ih]

theorem foldR_fusion (h : β → γ) (f : α → β → β) (g : α → γ → γ)
    (hfg : ∀ x b, h (f x b) = g x (h b)) (b : β) (xs : List α) :
    h (foldR f b xs) = foldR g (h b) xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp [hfg, ih]

end Sample.Data
