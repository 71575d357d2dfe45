"""Executors: who makes the attempts of a run, and where."""
