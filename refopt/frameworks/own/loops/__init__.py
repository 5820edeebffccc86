"""Functions that hold a whole loop, `minimize(grad, x0)`: run on the given gradients, and seen where they ask for the next one."""
