"""Examples and mutants as data to learn from: without what repeats or is in a benchmark, split by
lineage, in the shapes that trainers read, in folders that appear whole or not at all.
"""
