"""Lean 4: its toolchains, its checking server, and the judge of what it says."""
