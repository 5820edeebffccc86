"""Every rule as NumPy code that changes its arrays in place, a block at a time: what refopt.optim runs."""
