"""Golden files: certified trajectories with their inputs, bounds and probes; building and verifying them."""
