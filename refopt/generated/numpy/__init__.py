"""Every rule and every schedule as plain NumPy code, one module a formula. Needs NumPy and nothing else."""
