"""Formal statement in, outcome and evidence out; knows no language model."""
