"""Runs that are cut in two, and what is lost between the parts."""
