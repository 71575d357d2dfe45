"""Programs that language models wrote for reasoning problems: read, never run, and answered."""
