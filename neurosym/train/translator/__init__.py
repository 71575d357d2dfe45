"""Training of translators: language models that write an English step as a formal statement."""
