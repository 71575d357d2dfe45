"""From reasoning in words to a verdict, with evidence, for every step."""
