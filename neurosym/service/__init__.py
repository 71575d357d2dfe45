"""The HTTP service: step verification for training loops, agents and products."""
