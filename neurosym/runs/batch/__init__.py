"""Batches: many problems, each attempted k times, in a run that can be killed and resumed."""
