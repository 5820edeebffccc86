"""Code generated from the formulas, one package a target; each imports nothing but its target."""
