"""Premises: what a proof may use, taken from real Lean, and which of it a goal needs."""
