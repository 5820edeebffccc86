"""Benchmarks: figures that a person asks for; no test depends on them."""
