"""Verify natural-language reasoning step by step, with evidence anyone can check again."""

__version__ = "0.1.0"
