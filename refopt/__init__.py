"""refopt: the exact reference for gradient-descent optimizers and learning-rate schedules."""
