"""Saving and loading, judged: a run is cut in two, and a fresh object in a fresh process goes on from what was saved."""
