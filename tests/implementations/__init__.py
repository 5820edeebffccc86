"""Optimizer programs to be judged: correct, with a planted bug, or behaving badly. Nothing of refopt here."""
