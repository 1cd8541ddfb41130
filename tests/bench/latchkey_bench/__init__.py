"""Benchmarks of the directory: what slapd does with Latchkey, beside what the same slapd does without it in the same
run."""
