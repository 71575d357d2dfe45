"""Rows of the benchmark table: for each results file, what of it is shown."""
