"""A function, or a class with a method, that is called with parameters and gradients: which argument is what, by names and by a trial."""
