"""What trains models with the verdicts of provers."""
