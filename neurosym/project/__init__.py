"""Lean projects: what they hold, what is proved, and filling what is not."""
