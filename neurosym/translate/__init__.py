"""From English to formal statements."""
