"""Runs to look at: trajectories as pictures, a page, a table of numbers."""
