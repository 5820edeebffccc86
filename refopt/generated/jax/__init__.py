"""Gradient transformations for JAX, made from the formulas: `from refopt.generated.jax.adam import adam`."""
