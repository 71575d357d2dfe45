"""Mutation of Lean theorems: other statements that follow from them, each with its proof.

The idea is Alchemy's (Wu et al., "Alchemy: Amplifying Theorem-Proving Capability through Symbolic
Mutation", ICLR 2025): a theorem is rewritten with lemmas, or lemmas are applied to it, and what
Lean then shows is a new theorem whose proof is the old one and that step.
"""
