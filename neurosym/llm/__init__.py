"""Language models behind one small contract: messages in, completions out.

A completion is text that nobody vouches for. What it claims is decided elsewhere, by provers.
"""
