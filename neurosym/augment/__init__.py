"""Mutation of what was verified, into data whose every label a prover gives."""
